package dev.sluice.localstack.gateway;

import dev.sluice.localstack.template.ApiDefinition.Throttle;
import java.util.function.LongSupplier;

/** The stage's throttle: so many requests a second in the long run, so many at once. */
final class TokenBucket {
  private final Throttle throttle;
  private final LongSupplier nanoTime;
  private double tokens;
  private long filled;

  /**
   * A full bucket.
   *
   * @param nanoTime {@link System#nanoTime} outside of tests
   */
  TokenBucket(Throttle throttle, LongSupplier nanoTime) {
    this.throttle = throttle;
    this.nanoTime = nanoTime;
    this.tokens = throttle.burst();
    this.filled = nanoTime.getAsLong();
  }

  synchronized boolean take() {
    long now = nanoTime.getAsLong();
    tokens = Math.min(throttle.burst(), tokens + (now - filled) / 1e9 * throttle.ratePerSecond());
    filled = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
