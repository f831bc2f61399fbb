package dev.sluice.postgres;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.document.PipelineStage;
import dev.sluice.document.Transitions;
import jakarta.inject.Singleton;

/** Failures, as they stand in the job's row and in its events. */
@Singleton
public final class JobFailures {
  private static final String FAIL =
      """
      update upload_jobs
      set status = ?,
          last_error = jsonb_build_object('code', ?::text, 'message', ?::text, 'stage', ?::text),
          failed_message_id = ?,
          lease_token = null, leased_until = null, wait_reason = null, wait_until = null, emit_due_at = null
      where job_id = ? and generation = ? and retry_count = ? and status = any (?)
      """;

  private static final String FAILED_ON =
      """
      select 1
      from upload_jobs
      where job_id = ? and retry_count = ? and failed_message_id = ? and status like 'failed%'
      """;

  private static final String RECORD_REFUSAL =
      """
      insert into job_events (user_id, job_id, document_id, generation, kind, detail, correlation_id)
      select user_id, job_id, document_id, generation, 'refused', jsonb_build_object('code', ?::text), ?
      from upload_jobs
      where job_id = ?
      """;

  private final Transactions transactions;

  JobFailures(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Moves the job to the stage's failed status. Nothing happens if it has moved on meanwhile: a
   * success is never overwritten by a late failure.
   *
   * @param code for programs, snake case
   * @param message for people; never document text
   */
  public void fail(
      JobRef job,
      int retryCount,
      PipelineStage stage,
      String messageId,
      String code,
      String message) {
    var from =
        Transitions.into(stage.failure()).stream().map(JobStatus::wireName).toArray(String[]::new);
    transactions.asTenant(
        job.userId(),
        connection ->
            Sql.update(
                connection,
                FAIL,
                stage.failure().wireName(),
                code,
                message,
                stage.wireName(),
                messageId,
                job.jobId(),
                job.generation(),
                retryCount,
                from));
  }

  /**
   * Whether the job failed on this very message, which SQS has yet to move to the dead-letter
   * queue.
   */
  public boolean failedOn(JobRef job, int retryCount, String messageId) {
    return transactions.asTenant(
        job.userId(),
        connection ->
            Sql.queryForText(connection, FAILED_ON, job.jobId(), retryCount, messageId) != null);
  }

  /** Leaves a trace of a write that was refused. */
  public void recordRefusal(JobRef job, String correlationId, String code) {
    transactions.asTenant(
        job.userId(),
        connection -> Sql.update(connection, RECORD_REFUSAL, code, correlationId, job.jobId()));
  }
}
