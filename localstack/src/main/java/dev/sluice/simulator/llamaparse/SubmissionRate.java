package dev.sluice.simulator.llamaparse;

import java.time.Clock;

/** Counts submissions within each second of the clock. */
final class SubmissionRate {
  private final int limit;
  private final Clock clock;
  private long second;
  private int count;

  SubmissionRate(int limit, Clock clock) {
    this.limit = limit;
    this.clock = clock;
  }

  synchronized void take() throws Problem {
    long now = clock.instant().getEpochSecond();
    if (now != second) {
      second = now;
      count = 0;
    }
    if (count >= limit) {
      throw Problem.rateLimited();
    }
    count++;
  }
}
