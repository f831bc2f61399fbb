package dev.sluice.sweep;

import dev.sluice.document.PipelineStage;
import dev.sluice.message.EmbedMessage;
import dev.sluice.message.MessageSender;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * Sends the messages of open batches again: whose function died, whose wait is over, or, at
 * doubling intervals from one hour, which nobody has claimed.
 */
@Singleton
final class WakeBatches implements SweepTask {
  private static final String TAKE =
      """
      with due as (
        select b.batch_id
        from embedding_batches b
        join upload_jobs j on j.job_id = b.job_id
        join documents d
          on d.document_id = b.document_id and d.deleted_at is null
         and d.current_generation = b.generation
        where b.state = 'planned'
          and j.status in ('chunks_stored', 'embedding_queued', 'embedding_in_progress')
          and (b.leased_until is null or b.leased_until <= clock_timestamp())
          and (b.leased_until <= clock_timestamp()
            or b.wait_until <= clock_timestamp()
            or (b.leased_until is null and b.wait_until is null
              and b.created_at <= clock_timestamp() - interval '1 hour'))
        order by b.batch_id
        limit ?
        for update of b skip locked)
      update embedding_batches b
      set lease_token = null, leased_until = null,
          wait_until = clock_timestamp() + interval '1 minute'
      from due, upload_jobs j
      where b.batch_id = due.batch_id and j.job_id = b.job_id
      returning b.user_id, b.document_id, b.job_id, b.generation, j.status, j.retry_count,
                j.correlation_id, b.batch_id, b.batch_no
      """;

  /** Nothing to do for one that was claimed meanwhile: the claim has ended its wait. */
  private static final String SENT =
      """
      update embedding_batches
      set wait_until = clock_timestamp()
          + greatest(interval '1 hour', clock_timestamp() - created_at)
      where batch_id = any (?::uuid[]) and state = 'planned' and lease_token is null
        and wait_until is not null
      """;

  private final Transactions transactions;
  private final MessageSender sender;

  WakeBatches(Transactions transactions, MessageSender sender) {
    this.transactions = transactions;
    this.sender = sender;
  }

  @Override
  public String name() {
    return "batches_woken";
  }

  @Override
  public int sweepSome() {
    List<EmbedMessage> due =
        transactions.acrossTenants(
            connection -> Sql.query(connection, TAKE, WakeBatches::message, AT_ONCE));
    if (!due.isEmpty()) {
      sender.sendAll(PipelineStage.EMBED, due);
      var ids = due.stream().map(message -> message.batchId().toString()).toArray(String[]::new);
      transactions.acrossTenants(connection -> Sql.update(connection, SENT, (Object) ids));
    }
    return due.size();
  }

  private static EmbedMessage message(ResultSet row) throws SQLException {
    var job = SweptJob.read(row);
    return new EmbedMessage(
        job.job(),
        row.getObject("batch_id", UUID.class),
        row.getInt("batch_no"),
        job.retryCount(),
        job.correlationId());
  }
}
