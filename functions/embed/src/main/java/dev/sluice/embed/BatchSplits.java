package dev.sluice.embed;

import dev.sluice.document.DocumentIds;
import dev.sluice.document.JobRef;
import dev.sluice.message.EmbedMessage;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import dev.sluice.postgres.WriteRefused;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Batches that end otherwise than with vectors. */
@Singleton
final class BatchSplits {
  /** Two batches of a job that are split at once must not get the same numbers. */
  private static final String LOCK_JOB =
      """
      select 1 from upload_jobs
      where job_id = ? and generation = ? and retry_count = ? and status = 'embedding_in_progress'
      for no key update
      """;

  private static final String CLOSE =
      """
      update embedding_batches
      set state = ?, done_at = clock_timestamp(), lease_token = null, leased_until = null,
          wait_until = null, wait_reason = null, buying = null
      where batch_id = ? and generation = ? and state = 'planned' and lease_token = ?
      """;

  private static final String NEXT_NUMBER =
      "select max(batch_no) + 1 from embedding_batches where job_id = ?";

  private static final String ADD =
      """
      insert into embedding_batches
        (batch_id, user_id, job_id, document_id, generation, batch_no, texts, tokens, emit_due_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, clock_timestamp() + interval '1 minute')
      """;

  private static final String ASSIGN =
      """
      update document_chunk_buffer
      set batch_id = ?
      where batch_id = ? and generation = ? and embed_sha = any (?)
      """;

  /** The batch's other chunks have theirs from another document. */
  private static final String WITHOUT_VECTOR =
      """
      update document_chunk_buffer
      set unembeddable = ?
      where batch_id = ? and generation = ? and embed_sha = ?
      """;

  private static final String SENT =
      """
      update embedding_batches
      set emit_due_at = null
      where batch_id = any (?::uuid[]) and lease_token is null
      """;

  private final Transactions transactions;

  BatchSplits(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Puts two batches in the place of one.
   *
   * @param texts the batch's distinct ones, at least two, by ordinal
   * @return the messages of the two, which are still to be sent
   * @throws WriteRefused if the fence, the lease or the job's state is lost
   */
  List<EmbedMessage> split(EmbedMessage message, UUID lease, List<BatchChunk> texts) {
    var job = message.job();
    int half = texts.size() / 2;
    return transactions.fenced(
        job,
        connection -> {
          lockJob(connection, message);
          Sql.updateGuarded(connection, CLOSE, "split", message.batchId(), job.generation(), lease);
          int number = Sql.queryForInt(connection, NEXT_NUMBER, job.jobId()).orElseThrow();
          return List.of(
              add(connection, message, number, texts.subList(0, half)),
              add(connection, message, number + 1, texts.subList(half, texts.size())));
        });
  }

  private static void lockJob(Connection connection, EmbedMessage message) throws SQLException {
    var job = message.job();
    if (Sql.queryForText(connection, LOCK_JOB, job.jobId(), job.generation(), message.retryCount())
        == null) {
      throw new WriteRefused.LeaseLost();
    }
  }

  private static EmbedMessage add(
      Connection connection, EmbedMessage from, int number, List<BatchChunk> texts)
      throws SQLException {
    JobRef job = from.job();
    UUID batchId = DocumentIds.batch(job.jobId(), number);
    Sql.update(
        connection,
        ADD,
        batchId,
        job.userId(),
        job.jobId(),
        job.documentId(),
        job.generation(),
        number,
        texts.size(),
        texts.stream().mapToInt(BatchChunk::tokens).sum());
    Sql.update(
        connection,
        ASSIGN,
        batchId,
        from.batchId(),
        job.generation(),
        texts.stream().map(BatchChunk::embedSha).toArray(String[]::new));
    return new EmbedMessage(job, batchId, number, from.retryCount(), from.correlationId());
  }

  /** The batches have their messages; the sweep need not send them. */
  void sent(List<EmbedMessage> messages) {
    var ids = messages.stream().map(message -> message.batchId().toString()).toArray(String[]::new);
    transactions.asTenant(
        messages.getFirst().job().userId(),
        connection -> Sql.update(connection, SENT, (Object) ids));
  }

  /**
   * Ends the batch with its one open text marked as having no vector.
   *
   * @param code the provider's reason
   * @throws WriteRefused if the fence or the lease is lost
   */
  void closeWithoutVector(EmbedMessage message, UUID lease, BatchChunk text, String code) {
    var job = message.job();
    transactions.fenced(
        job,
        connection -> {
          Sql.updateGuarded(connection, CLOSE, "done", message.batchId(), job.generation(), lease);
          return Sql.update(
              connection,
              WITHOUT_VECTOR,
              code,
              message.batchId(),
              job.generation(),
              text.embedSha());
        });
  }
}
