package dev.sluice.cli.database;

import dev.sluice.postgres.Sql;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What may be spent, and what was; in dollars.
 *
 * @param paused whether no paid call is made at all
 * @param documentLimit of each document; null for none
 * @param tenantLimit of each tenant, for good; null for none
 * @param dayLimit of each tenant and day (UTC); null for none
 * @param spentToday by all tenants together
 * @param spent by all tenants together, ever
 * @param reserved for calls that are not settled
 * @param waiting jobs that wait for a budget, or for the pause's end
 */
public record Spending(
    boolean paused,
    @Nullable BigDecimal documentLimit,
    @Nullable BigDecimal tenantLimit,
    @Nullable BigDecimal dayLimit,
    BigDecimal spentToday,
    BigDecimal spent,
    BigDecimal reserved,
    int waiting) {
  private static final String READ =
      """
      select s.paused, s.document_limit, s.tenant_limit, s.day_limit,
             (select coalesce(sum(spent_nanousd), 0) from budgets
              where scope = 'day' and scope_id = to_char(now() at time zone 'UTC', 'YYYY-MM-DD'))
               as spent_today,
             (select coalesce(sum(spent_nanousd), 0) from budgets where scope = 'tenant') as spent,
             (select coalesce(sum(reserved_nanousd), 0) from budgets where scope = 'tenant')
               as reserved,
             (select count(*) from upload_jobs j
              where j.status not in ('complete', 'cancelled', 'failed_parse', 'failed_chunking',
                                     'failed_embedding')
                and (j.wait_reason = 'paused' or j.wait_reason like 'budget%'
                  or exists (
                    select from embedding_batches b
                    where b.job_id = j.job_id and b.state = 'planned'
                      and (b.wait_reason = 'paused' or b.wait_reason like 'budget%'))))
               as waiting
      from spending s
      """;

  private static final String PAUSE =
      "update spending set paused = ?, updated_at = clock_timestamp()";

  /** What waits for money is asked again at once and not when its five minutes are over. */
  private static final String WAKE_JOBS =
      """
      update upload_jobs set wait_until = clock_timestamp()
      where wait_until > clock_timestamp() and (wait_reason = 'paused' or wait_reason like 'budget%')
      """;

  private static final String WAKE_BATCHES =
      """
      update embedding_batches set wait_until = clock_timestamp()
      where wait_until > clock_timestamp() and (wait_reason = 'paused' or wait_reason like 'budget%')
      """;

  private static final String LIMIT =
      """
      update spending
      set document_limit = ?::bigint, tenant_limit = ?::bigint, day_limit = ?::bigint,
          updated_at = clock_timestamp()
      """;

  /** Reads how things stand. */
  public static Spending read(Connection connection) throws SQLException {
    return Objects.requireNonNull(
        Sql.queryForRow(
            connection,
            READ,
            row ->
                new Spending(
                    row.getBoolean("paused"),
                    usd(row.getBigDecimal("document_limit")),
                    usd(row.getBigDecimal("tenant_limit")),
                    usd(row.getBigDecimal("day_limit")),
                    Objects.requireNonNull(usd(row.getBigDecimal("spent_today"))),
                    Objects.requireNonNull(usd(row.getBigDecimal("spent"))),
                    Objects.requireNonNull(usd(row.getBigDecimal("reserved"))),
                    row.getInt("waiting"))));
  }

  /** Lets no paid call be made, or lets them be made again. */
  public static void pause(Connection connection, boolean paused) throws SQLException {
    Sql.update(connection, PAUSE, paused);
    wake(connection);
  }

  /** Sets the limits of every document, tenant and day, in dollars; null lifts one. */
  public static void limit(
      Connection connection,
      @Nullable BigDecimal document,
      @Nullable BigDecimal tenant,
      @Nullable BigDecimal day)
      throws SQLException {
    Sql.update(connection, LIMIT, nanoUsd(document), nanoUsd(tenant), nanoUsd(day));
    wake(connection);
  }

  private static void wake(Connection connection) throws SQLException {
    Sql.update(connection, WAKE_JOBS);
    Sql.update(connection, WAKE_BATCHES);
  }

  private static @Nullable BigDecimal usd(@Nullable BigDecimal nanoUsd) {
    return nanoUsd == null ? null : nanoUsd.movePointLeft(9);
  }

  private static @Nullable Long nanoUsd(@Nullable BigDecimal usd) {
    return usd == null
        ? null
        : usd.movePointRight(9).setScale(0, RoundingMode.FLOOR).longValueExact();
  }
}
