package dev.sluice.webhook;

import dev.sluice.callback.CallbackRefused;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Holds off an address that shows a job's genuine header and cannot sign, before it costs more
 * database reads. Others' callbacks do not suffer: it is counted for that job only, since anyone
 * may have the parser's own service call here; and who has no genuine header costs no read, and
 * counts nothing. Kept in memory, so each function environment counts for itself.
 */
@Singleton
final class FailedAttempts {
  /** More than a parser makes that was given a wrong secret: it tries three times an event. */
  static final int MOST = 10;

  static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int MOST_CALLERS = 10_000;

  private final Map<Caller, Failures> callers =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Caller, Failures> eldest) {
          return size() > MOST_CALLERS;
        }
      };

  private record Caller(String source, UUID jobId) {}

  private record Failures(Instant since, int count) {
    boolean isOver(Instant now) {
      return now.isAfter(since.plus(WINDOW));
    }
  }

  /**
   * Runs a check, and counts if it refuses.
   *
   * @throws CallbackRefused if the check refuses, or has too often lately
   */
  void guard(String source, UUID jobId, Instant now, Runnable check) {
    var caller = new Caller(source, jobId);
    if (isHeldOff(caller, now)) {
      throw new CallbackRefused("source_limited");
    }
    try {
      check.run();
    } catch (CallbackRefused refused) {
      count(caller, now);
      throw refused;
    }
  }

  private synchronized boolean isHeldOff(Caller caller, Instant now) {
    var failures = callers.get(caller);
    return failures != null && !failures.isOver(now) && failures.count() >= MOST;
  }

  private synchronized void count(Caller caller, Instant now) {
    callers.merge(
        caller,
        new Failures(now, 1),
        (earlier, first) ->
            earlier.isOver(now) ? first : new Failures(earlier.since(), earlier.count() + 1));
  }
}
