package dev.sluice.embed;

import dev.sluice.document.JobStatus;
import java.time.Duration;

/** What came of asking for the right to embed a batch. */
sealed interface BatchClaim {
  /** The batch is this invocation's until the lease ends. */
  record Granted() implements BatchClaim {}

  /** Another invocation holds the lease. */
  record Leased(Duration rest) implements BatchClaim {}

  /**
   * The batch's vectors are stored.
   *
   * @param job where its job stands
   */
  record Done(JobStatus job) implements BatchClaim {}

  /** Every attempt was begun and none lived to say how it ended. */
  record Exhausted() implements BatchClaim {}

  /** The batch is gone, or its job does not embed: it failed, was cancelled or retried. */
  record NotWanted(String why) implements BatchClaim {}
}
