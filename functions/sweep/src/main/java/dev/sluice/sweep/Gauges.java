package dev.sluice.sweep;

import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many jobs stand in each status that is not an end, and for how long the oldest has. */
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

  private final Transactions transactions;

  Gauges(Transactions transactions) {
    this.transactions = transactions;
  }

  /** {@code STATUS_jobs} and {@code STATUS_oldest_seconds} for each status that has jobs. */
  Map<String, Long> read() {
    var gauges = new LinkedHashMap<String, Long>();
    transactions.acrossTenants(
        connection ->
            Sql.query(
                connection,
                BY_STATUS,
                row -> {
                  gauges.put(row.getString("status") + "_jobs", row.getLong("jobs"));
                  return gauges.put(
                      row.getString("status") + "_oldest_seconds", row.getLong("oldest"));
                }));
    return gauges;
  }
}
