package dev.sluice.stage;

import java.time.Duration;

/** When a failed message comes back. */
final class Backoff {
  private static final Duration FIRST = Duration.ofSeconds(3);
  private static final Duration CAP = Duration.ofSeconds(300);

  private Backoff() {}

  /** 3, 6, 12 … seconds after the first, second, third failed attempt; never over 300 s. */
  static Duration after(int attempts) {
    int doublings = Math.clamp(attempts - 1L, 0, 10);
    var delay = FIRST.multipliedBy(1L << doublings);
    return delay.compareTo(CAP) > 0 ? CAP : delay;
  }
}
