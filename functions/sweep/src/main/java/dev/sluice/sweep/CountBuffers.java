package dev.sluice.sweep;

import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Finds the jobs that need their buffers no longer, and writes down what is counted from them, so
 * that nobody sees a difference when they are gone. A failed job needs them for its retry, as long
 * as no newer generation has fenced it off; a newer one that is on its way to its chunks takes over
 * what a cancelled or failed job has paid for.
 */
@Singleton
final class CountBuffers implements SweepTask {
  private static final String DUE =
      """
      select j.job_id
      from upload_jobs j
      join documents d on d.document_id = j.document_id
      where j.buffers_counted_at is null
        and (j.status = 'cancelled'
          or j.status_changed_at <= clock_timestamp() - make_interval(secs => ?)
            and (j.status = 'complete'
              or j.status in ('failed_parse', 'failed_chunking', 'failed_embedding')
                and j.generation < d.current_generation))
        and (j.status = 'complete'
          or not exists (
            select from upload_jobs n
            where n.document_id = j.document_id and n.generation > j.generation
              and n.received_at is not null
              and n.status in
                ('uploaded', 'parse_queued', 'parsed', 'parse_validated', 'chunking')))
      order by j.job_id
      limit ?
      for update of j skip locked
      """;

  private static final String COUNT =
      """
      update upload_jobs j
      set buffers_counted_at = clock_timestamp(),
          progress = progress || (
            select jsonb_build_object(
              'chunks_done', (
                select count(*) from document_chunk_buffer c
                where c.document_id = j.document_id and c.generation = j.generation),
              'embeds_done', (
                select count(*) from document_vector_buffer v
                where v.document_id = j.document_id and v.generation = j.generation),
              'unembeddable', (
                select count(*) from document_chunk_buffer c
                where c.document_id = j.document_id and c.generation = j.generation
                  and c.unembeddable is not null),
              'chunks_reused',
                (j.progress ->> 'chunks_reused')::integer + coalesce(sum(b.chunks_reused), 0),
              'tokens_reused',
                (j.progress ->> 'tokens_reused')::bigint + coalesce(sum(b.tokens_reused), 0),
              'batches_total', count(*),
              'batches_done', count(*) filter (where b.state <> 'planned'))
            from embedding_batches b
            where b.job_id = j.job_id)
      where j.job_id = any (?::uuid[]) and j.buffers_counted_at is null
      """;

  private final Transactions transactions;
  private final Duration retention;

  CountBuffers(
      Transactions transactions, @Property(name = "sluice.buffer-retention") Duration retention) {
    this.transactions = transactions;
    this.retention = retention;
  }

  @Override
  public String name() {
    return "buffers_given_up";
  }

  @Override
  public int sweepSome() {
    return transactions.acrossTenants(
        connection ->
            count(
                connection,
                Sql.query(
                    connection,
                    DUE,
                    row -> row.getString(1),
                    (double) retention.toSeconds(),
                    AT_ONCE)));
  }

  /** Counts what is not counted yet of these jobs, and gives their buffers up. */
  static int count(Connection connection, List<String> jobIds) throws SQLException {
    return Sql.update(connection, COUNT, (Object) jobIds.toArray(String[]::new));
  }
}
