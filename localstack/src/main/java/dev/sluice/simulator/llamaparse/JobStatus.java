package dev.sluice.simulator.llamaparse;

/** Where a job stands. */
enum JobStatus {
  /** Accepted; waits for a free parser. */
  PENDING,
  /** Its source is being fetched or parsed; a killed simulator begins it again. */
  RUNNING,
  /** Has a result, perhaps without some of its pages. */
  COMPLETED,
  /** Has a reason and no result. */
  FAILED,
  /** Stopped by its submitter before it ended. */
  CANCELLED;

  boolean isFinal() {
    return this != PENDING && this != RUNNING;
  }
}
