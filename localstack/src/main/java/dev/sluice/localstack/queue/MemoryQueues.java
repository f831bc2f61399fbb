package dev.sluice.localstack.queue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.elasticmq.NodeAddress;
import org.elasticmq.StrictSQSLimits$;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import scala.Function0;
import scala.Option;

/** ElasticMQ in memory, with a clock of its own. */
final class MemoryQueues {
  private MemoryQueues() {}

  private static final class Now extends NowProvider {
    private final InstantSource clock;

    Now(InstantSource clock) {
      this.clock = clock;
    }

    @Override
    public long nowMillis() {
      return clock.millis();
    }

    @Override
    public OffsetDateTime now() {
      return clock.instant().atOffset(ZoneOffset.UTC);
    }
  }

  private static Config config() {
    Map<String, Object> settings =
        Map.of(
            "pekko.loglevel", "WARNING",
            "pekko.coordinated-shutdown.run-by-jvm-shutdown-hook", false,
            "pekko.jvm-exit-on-fatal-error", false);
    return ConfigFactory.parseMap(settings).withFallback(ConfigFactory.load()).resolve();
  }

  /** Returns what ends it. */
  static Function0<?> start(String host, int port, InstantSource clock) {
    ActorSystem actors = ActorSystem.create("queues", config());
    Props manager =
        Props.create(
            QueueManagerActor.class,
            () -> new QueueManagerActor(new Now(clock), StrictSQSLimits$.MODULE$, Option.empty()));
    ActorRef queues = actors.actorOf(manager);
    SQSRestServer server =
        SQSRestServerBuilder.withActorSystem(actors)
            .withQueueManagerActor(queues)
            .withInterface(host)
            .withPort(port)
            .withServerAddress(new NodeAddress("http", host, port, ""))
            .withAWSRegion(LocalQueues.REGION)
            .withAWSAccountId(LocalQueues.ACCOUNT)
            .start();
    server.waitUntilStarted();
    return () -> {
      server.stopAndWait();
      return actors.terminate();
    };
  }
}
