package dev.sluice.cli.bench;

import dev.sluice.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * How long jobs stood in one place, in seconds.
 *
 * @param place a status; {@value #CALL} for each call of the embedding provider
 */
record PlaceTime(String place, double median, double p95, double largest) {
  /** What the provider's calls are called among the places. */
  static final String CALL = "provider";

  private static final String TIMES =
      """
      select place, percentile_cont(0.5) within group (order by seconds),
             percentile_cont(0.95) within group (order by seconds), max(seconds)
      from (
          select e.to_status as place, min(e.event_id) over (partition by e.to_status) as first,
                 extract(epoch from lead(e.at) over (partition by e.job_id order by e.event_id) - e.at)
                   as seconds
          from job_events e
          join upload_jobs j on j.job_id = e.job_id
          where j.user_id = any (?::uuid[]) and e.kind in ('created', 'transition')
          union all
          select 'provider', 9223372036854775807, extract(epoch from settled_at - started_at)
          from provider_calls
          where user_id = any (?::uuid[]) and operation = 'embed' and state = 'settled') times
      where seconds is not null
      group by place
      order by min(first)
      """;

  /** Of all jobs of these users, in the order in which the first of them came there. */
  static List<PlaceTime> of(Connection database, List<UUID> users) throws SQLException {
    String[] ids = users.stream().map(UUID::toString).toArray(String[]::new);
    return Sql.query(
        database,
        TIMES,
        row ->
            new PlaceTime(row.getString(1), row.getDouble(2), row.getDouble(3), row.getDouble(4)),
        ids,
        ids);
  }
}
