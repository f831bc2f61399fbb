package dev.sluice.postgres;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.document.PipelineStage;
import dev.sluice.document.Transitions;
import dev.sluice.message.EmbedMessage;
import dev.sluice.message.Invocation;
import dev.sluice.message.StageMessage;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Failures, as they stand in the job's row and in its events. */
@Singleton
public final class JobFailures {
  /** Only of work that is nobody else's: neither the job's nor, for embedding, the batch's. */
  private static final String FAIL =
      """
      update upload_jobs j
      set status = ?,
          last_error = jsonb_build_object('code', ?::text, 'message', ?::text, 'stage', ?::text),
          failed_message_id = ?,
          lease_token = null, leased_until = null, wait_reason = null, wait_until = null, emit_due_at = null
      where job_id = ? and generation = ? and retry_count = ? and status = any (?)
        and (lease_token is null or lease_token = ? or leased_until <= clock_timestamp())
        and (?::uuid is null or exists (
          select from embedding_batches b
          where b.batch_id = ?::uuid and b.state = 'planned'
            and (b.lease_token is null or b.leased_until <= clock_timestamp())))
      """;

  /**
   * Whatever the message's retry count: one that is redriven keeps what it was sent with, however
   * often the job was retried since.
   */
  private static final String STANDING =
      """
      select retry_count, failed_message_id, status_changed_at,
             status in ('failed_parse', 'failed_chunking', 'failed_embedding') as failed,
             coalesce(claimed_message_id = m.id, false) or exists (
               select from embedding_batches b
               where b.job_id = j.job_id and b.state = 'planned' and b.claimed_message_id = m.id)
               as claimed
      from upload_jobs j
      cross join (select ?::text as id) m
      where job_id = ? and generation = ?
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
   * Where a job stands, as a message of it may meet it.
   *
   * @param failedOn the message that it failed on, unless none was at hand
   * @param since when it came to its status
   * @param claimedForIt whether it was for this very message that the job, or an open batch of it,
   *     was last claimed
   */
  public record Standing(
      boolean failed,
      int retryCount,
      @Nullable String failedOn,
      Instant since,
      boolean claimedForIt) {
    static Standing read(ResultSet row) throws SQLException {
      return new Standing(
          row.getBoolean("failed"),
          row.getInt("retry_count"),
          row.getString("failed_message_id"),
          Objects.requireNonNull(Sql.instant(row, "status_changed_at")),
          row.getBoolean("claimed"));
    }
  }

  /**
   * Moves the job to the stage's failed status. Nothing happens if it has moved on meanwhile, or is
   * another invocation's, but an event that says so: a success is never overwritten by a late
   * failure.
   *
   * @param code for programs, snake case
   * @param sentence for people; never document text
   */
  public void fail(
      PipelineStage stage,
      StageMessage message,
      Invocation invocation,
      String code,
      String sentence) {
    var job = message.job();
    var from =
        Transitions.into(stage.failure()).stream().map(JobStatus::wireName).toArray(String[]::new);
    var batch = batch(message);
    transactions.asTenant(
        job.userId(),
        connection -> {
          int failed =
              Sql.update(
                  connection,
                  FAIL,
                  stage.failure().wireName(),
                  code,
                  sentence,
                  stage.wireName(),
                  invocation.messageId(),
                  job.jobId(),
                  job.generation(),
                  message.retryCount(),
                  from,
                  invocation.token(),
                  batch,
                  batch);
          return failed > 0
              ? failed
              : Sql.update(
                  connection, RECORD_REFUSAL, "late_failure", message.correlationId(), job.jobId());
        });
  }

  private static @Nullable UUID batch(StageMessage message) {
    return message instanceof EmbedMessage embed ? embed.batchId() : null;
  }

  /** Where the message's job stands, if it is still there. */
  public Optional<Standing> standing(StageMessage message, String messageId) {
    var job = message.job();
    return transactions.asTenant(
        job.userId(),
        connection ->
            Optional.ofNullable(
                Sql.queryForRow(
                    connection,
                    STANDING,
                    Standing::read,
                    messageId,
                    job.jobId(),
                    job.generation())));
  }

  /** Leaves a trace of a write that was refused. */
  public void recordRefusal(JobRef job, String correlationId, String code) {
    transactions.asTenant(
        job.userId(),
        connection -> Sql.update(connection, RECORD_REFUSAL, code, correlationId, job.jobId()));
  }
}
