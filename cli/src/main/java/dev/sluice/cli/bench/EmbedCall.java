package dev.sluice.cli.bench;

import dev.sluice.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A call of the embedding provider as the ledger has it.
 *
 * @param at when it began, in seconds since 1970 by the database's clock
 * @param tokens that the provider counted; 0 if it refused
 * @param outcome {@code ok}, {@code rate_limit} and others
 */
record EmbedCall(double at, long tokens, String outcome) {
  private static final String CALLS =
      """
      select extract(epoch from started_at), tokens, coalesce(outcome, state)
      from provider_calls
      where operation = 'embed' and started_at >= to_timestamp(?)
      order by started_at
      """;

  private static final String NOW = "select extract(epoch from clock_timestamp())";

  boolean answered() {
    return outcome.equals("ok");
  }

  boolean throttled() {
    return outcome.equals("rate_limit");
  }

  /** All from that moment on, oldest first. */
  static List<EmbedCall> since(Connection database, double moment) throws SQLException {
    return Sql.query(
        database,
        CALLS,
        row -> new EmbedCall(row.getDouble(1), row.getLong(2), row.getString(3)),
        moment);
  }

  /** The database's clock, in seconds since 1970. */
  static double now(Connection database) throws SQLException {
    return Sql.query(database, NOW, row -> row.getDouble(1)).getFirst();
  }
}
