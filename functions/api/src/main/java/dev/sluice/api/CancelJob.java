package dev.sluice.api;

import dev.sluice.document.JobRef;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import dev.sluice.telemetry.LogFields;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Stops the document's latest job where it stands. Its generation stays the current one, so no
 * fence tells a function that is at work: what ends its writes are the lease that it loses here and
 * the status that every write names.
 */
@Singleton
final class CancelJob {
  private static final String CANCEL =
      """
      update upload_jobs
      set status = 'cancelled',
          last_error = jsonb_build_object(
              'code', 'cancelled', 'stage', status, 'message', 'It was cancelled.'),
          lease_token = null, leased_until = null, wait_reason = null, wait_until = null,
          emit_due_at = null
      where job_id = ? and generation = ?
        and status not in
            ('complete', 'cancelled', 'failed_parse', 'failed_chunking', 'failed_embedding')
      """;

  /** A batch's vectors are stored under the batch's own lease. */
  private static final String RELEASE_BATCHES =
      """
      update embedding_batches
      set lease_token = null, leased_until = null
      where job_id = ? and lease_token is not null
      """;

  private final Transactions transactions;
  private final JobRepository jobs;

  CancelJob(Transactions transactions, JobRepository jobs) {
    this.transactions = transactions;
    this.jobs = jobs;
  }

  /**
   * Cancels, and returns the job as it stands then.
   *
   * @throws Refusal if there is no such document, or its job has ended
   */
  JobView cancel(Caller caller, UUID documentId) {
    return transactions.asTenant(
        caller.userId(),
        connection -> {
          var standing =
              JobActs.lockLatest(connection, documentId).orElseThrow(Refusal::unknownDocument);
          LogFields.job(standing.job(), caller.correlationId());
          if (standing.status().isTerminal()) {
            throw Refusal.notToBeCancelled(standing.status());
          }
          cancel(connection, standing.job());
          JobActs.record(connection, standing.job(), "cancel", caller);
          return jobs.latest(documentId).orElseThrow();
        });
  }

  private static void cancel(Connection connection, JobRef job) throws SQLException {
    Sql.updateGuarded(connection, CANCEL, job.jobId(), job.generation());
    Sql.update(connection, RELEASE_BATCHES, job.jobId());
  }
}
