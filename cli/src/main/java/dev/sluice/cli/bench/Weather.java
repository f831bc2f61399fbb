package dev.sluice.cli.bench;

import dev.sluice.localstack.fault.FunctionGates;
import dev.sluice.localstack.fault.FunctionGates.Server;
import dev.sluice.localstack.fault.FunctionProcesses;
import dev.sluice.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes faults come and go until it is closed; then all is well again. The same seed brings the
 * same kinds of faults in the same order; what they hit depends on what runs.
 */
final class Weather implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Weather.class);

  private static final List<Server> REFUSABLE =
      List.of(Server.SQS, Server.S3, Server.LLAMAPARSE, Server.OPENAI);
  private static final Duration SHORTEST_OUTAGE = Duration.ofSeconds(2);
  private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(8);

  private static final String TERMINATE =
      """
      select count(pg_terminate_backend(pid))
      from pg_stat_activity
      where usename like 'sluice\\_%' and datname = current_database()
      """;

  private final FunctionGates gates;
  private final Connection database;
  private final List<FaultKind> kinds;
  private final Duration shortestLull;
  private final Random random;
  private final Random aim;
  private final Map<FaultKind, Integer> struck = new EnumMap<>(FaultKind.class);
  private final Set<Server> down = EnumSet.noneOf(Server.class);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("weather").factory());

  private Weather(FunctionGates gates, Connection database, SoakSettings settings) {
    this.gates = gates;
    this.database = database;
    this.kinds = settings.faults().stream().sorted().toList();
    this.shortestLull = settings.shortestLull();
    this.random = new Random(settings.seed());
    // Of its own, since how often it is asked depends on what runs.
    this.aim = new Random(settings.seed());
  }

  /** The first fault comes after a lull. */
  static Weather begin(SoakCloud cloud, SoakSettings settings) throws SQLException {
    Weather weather = new Weather(cloud.gates(), cloud.cloud().connect(), settings);
    weather.waitForNext();
    return weather;
  }

  private void waitForNext() {
    if (!kinds.isEmpty()) {
      var unused = timer.schedule(this::strike, lull().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private Duration lull() {
    return between(shortestLull, shortestLull.multipliedBy(3));
  }

  private Duration between(Duration least, Duration most) {
    return Duration.ofMillis(random.nextLong(least.toMillis(), most.toMillis() + 1));
  }

  private void strike() {
    try {
      FaultKind kind = kinds.get(random.nextInt(kinds.size()));
      if (happens(kind)) {
        synchronized (struck) {
          struck.merge(kind, 1, Integer::sum);
        }
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn("a fault could not be brought about; the next one is tried as planned", e);
    } finally {
      if (!timer.isShutdown()) {
        waitForNext();
      }
    }
  }

  private boolean happens(FaultKind kind) throws SQLException {
    return switch (kind) {
      case KILL -> kill();
      case BREAK -> breakConnections();
      case REFUSE -> refuse();
      case TERMINATE -> Sql.queryForInt(database, TERMINATE).orElse(0) > 0;
    };
  }

  private boolean kill() {
    List<String> functions = new ArrayList<>(SoakCloud.FUNCTIONS.keySet());
    Collections.shuffle(functions, aim);
    for (String function : functions) {
      List<ProcessHandle> processes = FunctionProcesses.of(function);
      if (!processes.isEmpty()) {
        ProcessHandle one = processes.get(aim.nextInt(processes.size()));
        LOG.info("the weather kills process {} of function {}", one.pid(), function);
        return one.destroyForcibly();
      }
    }
    return false;
  }

  private boolean breakConnections() {
    List<String> functions = List.copyOf(SoakCloud.FUNCTIONS.keySet());
    String function = functions.get(aim.nextInt(functions.size()));
    LOG.info("the weather breaks all connections of function {}", function);
    gates.breakAll(function);
    return true;
  }

  private boolean refuse() {
    Server server = REFUSABLE.get(aim.nextInt(REFUSABLE.size()));
    Duration outage = between(SHORTEST_OUTAGE, LONGEST_OUTAGE);
    if (!down.add(server)) {
      return false;
    }
    LOG.info("the weather takes {} away for {} ms", server, outage.toMillis());
    gates.refuse(server);
    var unused = timer.schedule(() -> comeBack(server), outage.toMillis(), TimeUnit.MILLISECONDS);
    return true;
  }

  private void comeBack(Server server) {
    gates.open(server);
    down.remove(server);
  }

  /** How often each kind struck so far. */
  Map<FaultKind, Integer> struck() {
    synchronized (struck) {
      return new EnumMap<>(struck).clone();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      // A strike that goes on ends first, so that nothing is shut after all was opened.
      if (!timer.awaitTermination(LONGEST_OUTAGE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("a fault goes on while its server is opened");
      }
      database.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      LOG.warn("the session of the weather was lost before its end", e);
    }
    REFUSABLE.forEach(gates::open);
  }
}
