package dev.sluice.postgres;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import jakarta.inject.Singleton;

/**
 * The promise to send. A move commits {@code emit_due_at}, a minute ahead; it is cleared here when
 * the message is sent, or else by whoever claims the job. If neither happens, since a function died
 * or SQS was away, the sweep sends: sooner than the queue would redeliver.
 */
@Singleton
public final class Emissions {
  private static final String SENT =
      """
      update upload_jobs
      set emit_due_at = null
      where job_id = ? and retry_count = ? and status = ? and emit_due_at is not null
      """;

  private final Transactions transactions;

  Emissions(Transactions transactions) {
    this.transactions = transactions;
  }

  /** The message of a job that stands at {@code status} is sent. */
  public void sent(JobRef job, int retryCount, JobStatus status) {
    transactions.asTenant(
        job.userId(),
        connection -> Sql.update(connection, SENT, job.jobId(), retryCount, status.wireName()));
  }
}
