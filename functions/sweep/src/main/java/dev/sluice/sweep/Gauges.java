package dev.sluice.sweep;

import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many jobs stand in each status that is not an end, and for how long the oldest has; and what
 * waits for somebody: failed jobs that no newer upload has replaced, dead letters, documents that
 * are not whole.
 */
@Singleton
final class Gauges {
  private static final String BY_STATUS =
      """
      select status, count(*) as jobs,
             extract(epoch from clock_timestamp() - min(status_changed_at))::bigint as oldest
      from upload_jobs
      where status not in
          ('complete', 'cancelled', 'failed_parse', 'failed_chunking', 'failed_embedding')
      group by status
      order by status
      """;

  private static final String FOR_SOMEBODY =
      """
      select f.jobs, coalesce(f.oldest, 0) as oldest, i.documents
      from (
        select count(*) as jobs,
               extract(epoch from clock_timestamp() - min(j.status_changed_at))::bigint as oldest
        from upload_jobs j
        join documents d
          on d.document_id = j.document_id and d.current_generation <= j.generation
        where j.status in ('failed_parse', 'failed_chunking', 'failed_embedding')
          and j.purged_at is null) f
      cross join (
        select count(*) as documents
        from upload_jobs j
        join documents d
          on d.document_id = j.document_id and d.active_generation = j.generation
        where j.incomplete_since is not null and j.purged_at is null) i
      """;

  private final Transactions transactions;
  private final DeadLetters deadLetters;

  Gauges(Transactions transactions, DeadLetters deadLetters) {
    this.transactions = transactions;
    this.deadLetters = deadLetters;
  }

  /**
   * {@code STATUS_jobs} and {@code STATUS_oldest_seconds} for each status that has jobs, {@code
   * failed_jobs}, {@code failed_oldest_seconds}, {@code incomplete_documents}, and what {@link
   * DeadLetters#read} gives.
   */
  Map<String, Long> read() {
    var gauges = new LinkedHashMap<String, Long>();
    transactions.acrossTenants(
        connection -> {
          Sql.query(
              connection,
              BY_STATUS,
              row -> {
                gauges.put(row.getString("status") + "_jobs", row.getLong("jobs"));
                return gauges.put(
                    row.getString("status") + "_oldest_seconds", row.getLong("oldest"));
              });
          return Sql.query(
              connection,
              FOR_SOMEBODY,
              row -> {
                gauges.put("failed_jobs", row.getLong("jobs"));
                gauges.put("failed_oldest_seconds", row.getLong("oldest"));
                return gauges.put("incomplete_documents", row.getLong("documents"));
              });
        });
    gauges.putAll(deadLetters.read());
    return gauges;
  }
}
