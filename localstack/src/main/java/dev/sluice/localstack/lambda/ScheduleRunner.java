package dev.sluice.localstack.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.localstack.lambda.InvocationResult.Failed;
import dev.sluice.localstack.template.ScheduleTrigger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * EventBridge Scheduler's part for one schedule. A run that takes longer than the rate makes the
 * next ones wait, where AWS would run them side by side.
 */
final class ScheduleRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ScheduleRunner.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A start is busy enough: the first run waits for it. */
  static final Duration FIRST = Duration.ofSeconds(5);

  private final String function;
  private final ScheduleTrigger trigger;
  private final LambdaSettings settings;
  private final EventSourceMapping.Target target;
  private final ReentrantLock running = new ReentrantLock();
  private final ScheduledExecutorService timer;

  ScheduleRunner(
      String function,
      ScheduleTrigger trigger,
      LambdaSettings settings,
      EventSourceMapping.Target target) {
    this.function = function;
    this.trigger = trigger;
    this.settings = settings;
    this.target = target;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("schedule-" + function).factory());
  }

  void start(Duration first) {
    var unused =
        timer.scheduleWithFixedDelay(
            this::runAndLog, first.toMillis(), trigger.rate().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void runAndLog() {
    try {
      InvocationResult result = fire();
      if (result instanceof Failed failure) {
        LOG.warn(
            "schedule {} of function {} failed; it runs again in {} s: {}",
            trigger.name(),
            function,
            trigger.rate().toSeconds(),
            failure.message());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error(
          "schedule {} of function {} could not run; it is tried again in {} s",
          trigger.name(),
          function,
          trigger.rate().toSeconds(),
          e);
    }
  }

  /** Runs the schedule now, after a run that is going on; retries as the template says. */
  InvocationResult fire() throws InterruptedException {
    running.lockInterruptibly();
    try {
      InvocationResult result = target.invoke(event());
      for (int i = 0;
          i < trigger.retries() && result instanceof Failed && !timer.isShutdown();
          i++) {
        result = target.invoke(event());
      }
      return result;
    } finally {
      running.unlock();
    }
  }

  private byte[] event() {
    ObjectNode event = JSON.createObjectNode();
    event.put("version", "0");
    event.put("id", UUID.randomUUID().toString());
    event.put("detail-type", "Scheduled Event");
    event.put("source", "aws.scheduler");
    event.put("account", settings.accountId());
    event.put("time", settings.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString());
    event.put("region", settings.region());
    event
        .putArray("resources")
        .add(
            "arn:aws:scheduler:%s:%s:schedule/default/%s"
                .formatted(settings.region(), settings.accountId(), trigger.name()));
    event.put("detail", "{}");
    try {
      return JSON.writeValueAsBytes(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
