package dev.sluice.postgres;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings a failed job back to the last state whose output is stored. A redriven message, a call to
 * the API and the command all come through here, so that two of them at once are one retry.
 */
@Singleton
public final class JobRetries {
  /** A deletion or a newer generation waits for the end of this transaction, or is seen. */
  private static final String FENCE =
      """
      select 1
      from documents
      where document_id = ? and current_generation <= ? and deleted_at is null
      for share
      """;

  /** The code of a job that failed because every one of its texts was refused. */
  public static final String NO_VECTORS = "no_vectors";

  private static final String HAS_NO_VECTORS =
      """
      select 1
      from upload_jobs
      where job_id = ? and generation = ? and retry_count = ? and status = 'failed_embedding'
        and last_error ->> 'code' = ?
      for no key update
      """;

  /** What refused the texts may be mended by now. */
  private static final String REOPEN_REFUSED_TEXTS =
      """
      with refused as (
        update document_chunk_buffer
        set unembeddable = null
        where document_id = ? and generation = ? and unembeddable is not null
        returning batch_id, generation)
      update embedding_batches b
      set state = 'planned', done_at = null
      from (select distinct batch_id, generation from refused) r
      where b.batch_id = r.batch_id and b.generation = r.generation and b.state = 'done'
      """;

  /**
   * The promise to send is a minute old when the sweep looks, should its maker die. Without its
   * bytes a job has nothing to go on from.
   */
  private static final String RETRY =
      """
      update upload_jobs j
      set status = case
              when status = 'failed_parse' and parsed_path is not null then 'parsed'
              when status = 'failed_parse' then 'uploaded'
              when status = 'failed_chunking' then 'parse_validated'
              when exists (
                select from embedding_batches b where b.job_id = j.job_id and b.state = 'planned')
                then 'chunks_stored'
              else 'embeddings_stored' end,
          retry_count = retry_count + 1, attempts = 0,
          last_error = null, failed_message_id = null, claimed_message_id = null,
          lease_token = null, leased_until = null, wait_reason = null, wait_until = null,
          emit_due_at = clock_timestamp() + interval '1 minute'
      where job_id = ? and generation = ? and retry_count = ?
        and status in ('failed_parse', 'failed_chunking', 'failed_embedding')
        and received_at is not null
      returning status, retry_count
      """;

  /** A batch that is being embedded just now keeps its lease: what it buys is wanted. */
  private static final String REOPEN_BATCHES =
      """
      update embedding_batches
      set attempts = 0, wait_until = null, wait_reason = null, outage_since = null, resent_at = null,
          emit_due_at = clock_timestamp()
      where job_id = ? and state = 'planned'
      """;

  private static final String RECORD =
      """
      insert into job_events (user_id, job_id, document_id, generation, kind, detail, correlation_id)
      values (?, ?, ?, ?, 'operator',
              jsonb_build_object('act', ?::text, 'retry_count', ?::integer), ?)
      """;

  private final Transactions transactions;

  JobRetries(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Where a retried job goes on.
   *
   * @param retryCount of the messages that are sent from now on
   */
  public record Retried(JobStatus status, int retryCount) {}

  /**
   * Retries, unless another retry was faster, a newer upload or a deletion has taken the document,
   * or its bytes never came; then nothing changes and nothing is returned.
   *
   * @param retryCount as it was when the job failed
   * @param act for the audit trail: {@code retry} or {@code redrive}
   */
  public Optional<Retried> retry(JobRef job, int retryCount, String act, String correlationId) {
    return transactions.asTenant(
        job.userId(),
        connection ->
            Sql.queryForText(connection, FENCE, job.documentId(), job.generation()) == null
                ? Optional.empty()
                : Optional.ofNullable(retry(connection, job, retryCount, act, correlationId)));
  }

  private static void reopenRefusedTexts(Connection connection, JobRef job, int retryCount)
      throws SQLException {
    if (Sql.queryForText(
            connection, HAS_NO_VECTORS, job.jobId(), job.generation(), retryCount, NO_VECTORS)
        != null) {
      Sql.update(connection, REOPEN_REFUSED_TEXTS, job.documentId(), job.generation());
    }
  }

  private static @Nullable Retried retry(
      Connection connection, JobRef job, int retryCount, String act, String correlationId)
      throws SQLException {
    reopenRefusedTexts(connection, job, retryCount);
    var retried =
        Sql.queryForRow(
            connection,
            RETRY,
            row ->
                new Retried(
                    JobStatus.ofWireName(row.getString("status")), row.getInt("retry_count")),
            job.jobId(),
            job.generation(),
            retryCount);
    if (retried == null) {
      return null;
    }
    if (retried.status() == JobStatus.CHUNKS_STORED) {
      Sql.update(connection, REOPEN_BATCHES, job.jobId());
    }
    Sql.update(
        connection,
        RECORD,
        job.userId(),
        job.jobId(),
        job.documentId(),
        job.generation(),
        act,
        retried.retryCount(),
        correlationId);
    return retried;
  }
}
