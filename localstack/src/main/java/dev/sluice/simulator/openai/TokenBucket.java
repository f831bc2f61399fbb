package dev.sluice.simulator.openai;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * So much a minute, refilled steadily; full at the start. It reckons in whole numbers, so that a
 * client that waits exactly as long as it was told is never sent away for a rounding error. Not for
 * several threads at once.
 */
final class TokenBucket {
  private static final long MICROS_A_MINUTE = 60_000_000;
  private static final long MICROS_A_MILLISECOND = 1_000;

  private final int limit;
  private final Clock clock;

  /** The amount that is there, times the microseconds of a minute. */
  private long level;

  private Instant filledAt;

  TokenBucket(int limit, Clock clock) {
    this.limit = limit;
    this.clock = clock;
    this.level = limit * MICROS_A_MINUTE;
    this.filledAt = clock.instant();
  }

  int limit() {
    return limit;
  }

  int remaining() {
    refill();
    return (int) (level / MICROS_A_MINUTE);
  }

  /** Whether the amount is there now. */
  boolean has(int amount) {
    return remaining() >= amount;
  }

  void take(int amount) {
    level -= amount * MICROS_A_MINUTE;
  }

  Duration untilFull() {
    return until(limit);
  }

  /**
   * How long until the amount will be there, rounded up to a millisecond. More than the bucket ever
   * holds is never there: for that the wait is the one until it is full.
   */
  Duration until(int amount) {
    refill();
    long missing = Math.max(0, Math.min(amount, limit) * MICROS_A_MINUTE - level);
    return Duration.ofMillis(Math.ceilDiv(missing, limit * MICROS_A_MILLISECOND));
  }

  private void refill() {
    long micros = Math.max(0, ChronoUnit.MICROS.between(filledAt, clock.instant()));
    long filled = level + Math.min(micros, MICROS_A_MINUTE) * limit;
    level = Math.min(limit * MICROS_A_MINUTE, filled);
    filledAt = filledAt.plus(micros, ChronoUnit.MICROS);
  }
}
