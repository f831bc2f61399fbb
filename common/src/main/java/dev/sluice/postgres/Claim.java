package dev.sluice.postgres;

import java.time.Duration;
import java.util.UUID;

/** What came of asking for the right to work on a job. */
public sealed interface Claim {
  /**
   * The work is this invocation's until the lease ends. Every later write names the lease.
   *
   * @param job the row after the claim
   */
  record Granted(JobRow job, UUID lease) implements Claim {}

  /** The job does not stand where this stage begins; it may stand where this stage left it. */
  record NotHere(JobRow job) implements Claim {}

  /** Another invocation holds the lease. */
  record Leased(Duration rest) implements Claim {}

  /** The job is gone, or a retry has made the message stale. */
  record Stale() implements Claim {}

  /** Every attempt was begun and none lived to say how it ended. */
  record Exhausted() implements Claim {}
}
