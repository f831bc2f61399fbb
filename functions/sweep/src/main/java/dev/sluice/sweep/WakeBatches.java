package dev.sluice.sweep;

import dev.sluice.document.PipelineStage;
import dev.sluice.message.EmbedMessage;
import dev.sluice.message.MessageSender;
import dev.sluice.postgres.JobClaims;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * Sends the messages of open batches: promised and never sent, whose function died, whose wait is
 * over, or lost, since the queue is empty.
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
          and (b.leased_until is null
            or (b.leased_until <= clock_timestamp() and b.attempts < ?))
          and (b.leased_until <= clock_timestamp()
            or b.emit_due_at <= clock_timestamp()
            or b.wait_until <= clock_timestamp()
            or (b.leased_until is null and b.wait_until is null and b.emit_due_at is null and ?
              and coalesce(b.resent_at, b.created_at)
                <= clock_timestamp() - greatest(interval '15 minutes',
                  coalesce(b.resent_at, b.created_at) - b.created_at)))
        order by b.batch_id
        limit ?
        for update of b skip locked)
      update embedding_batches b
      set lease_token = null, leased_until = null, wait_until = null, wait_reason = null,
          emit_due_at = clock_timestamp() + interval '1 minute', resent_at = clock_timestamp()
      from due, upload_jobs j
      where b.batch_id = due.batch_id and j.job_id = b.job_id
      returning b.user_id, b.document_id, b.job_id, b.generation, j.status, j.retry_count,
                j.correlation_id, b.batch_id, b.batch_no
      """;

  private static final String SENT =
      """
      update embedding_batches
      set emit_due_at = null
      where batch_id = any (?::uuid[])
      """;

  private final Transactions transactions;
  private final MessageSender sender;
  private final Backlogs backlogs;

  WakeBatches(Transactions transactions, MessageSender sender, Backlogs backlogs) {
    this.transactions = transactions;
    this.sender = sender;
    this.backlogs = backlogs;
  }

  @Override
  public String name() {
    return "batches_woken";
  }

  @Override
  public int sweepSome() {
    boolean noBacklog = !backlogs.has(PipelineStage.EMBED);
    List<EmbedMessage> due =
        transactions.acrossTenants(
            connection ->
                Sql.query(
                    connection,
                    TAKE,
                    WakeBatches::message,
                    JobClaims.MAX_ATTEMPTS,
                    noBacklog,
                    AT_ONCE));
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
