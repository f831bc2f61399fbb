package dev.sluice.cli.bench;

import dev.sluice.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every 250 ms who waits for a lock of another session. */
final class LockWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LockWatch.class);
  private static final Duration EVERY = Duration.ofMillis(250);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

  /** The lock's own age is known to PostgreSQL; nothing if nobody waits. */
  private static final String LONGEST_WAIT =
      """
      select max(extract(epoch from clock_timestamp() - coalesce(l.waitstart, a.query_start)))
      from pg_stat_activity a
      left join pg_locks l on l.pid = a.pid and not l.granted
      where a.wait_event_type = 'Lock' and a.datname = current_database()
      """;

  private final Connection database;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("lock-watch").factory());
  private int samples;
  private int waiting;
  private double longest;

  private LockWatch(Connection database) {
    this.database = database;
  }

  /**
   * What was seen.
   *
   * @param share of the looks at which somebody waited
   * @param longest wait in seconds that was seen
   */
  record Locks(double share, double longest) {}

  static LockWatch begin(BenchCloud cloud) throws SQLException {
    LockWatch watch = new LockWatch(cloud.connect());
    var unused =
        watch.timer.scheduleAtFixedRate(watch::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return watch;
  }

  private void look() {
    try {
      String wait = Sql.queryForText(database, LONGEST_WAIT);
      synchronized (this) {
        samples++;
        if (wait != null) {
          waiting++;
          longest = Math.max(longest, Double.parseDouble(wait));
        }
      }
    } catch (SQLException e) {
      LOG.warn("lock waits could not be looked at; this look is left out", e);
    }
  }

  synchronized Locks seen() {
    return new Locks(samples == 0 ? 0 : (double) waiting / samples, longest);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      boolean ended = timer.awaitTermination(LONGEST_LOOK.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        LOG.warn("a look at lock waits has not ended");
      }
      database.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      LOG.warn("the session of the lock watch was lost before its end", e);
    }
  }
}
