package dev.sluice.sweep;

import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;

/**
 * Closes paid calls of which nobody told how they ended: they count at their estimate. A parse that
 * ends later still settles its own.
 */
@Singleton
final class CloseOpenCalls implements SweepTask {
  private static final String CLOSE =
      """
      with due as (
        select call_id
        from provider_calls
        where state = 'started' and started_at <= clock_timestamp() - interval '1 hour'
        order by call_id
        limit 1
        for update skip locked)
      update provider_calls p
      set state = 'unknown', outcome = 'never_settled', settled_at = clock_timestamp()
      from due
      where p.call_id = due.call_id and p.state = 'started'
      """;

  private final Transactions transactions;

  CloseOpenCalls(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public String name() {
    return "calls_closed_as_unknown";
  }

  /**
   * Each call in a transaction of its own: its accounts stay locked until the end, and those of two
   * documents, taken in one transaction, would cross a reservation that holds the second document's
   * and wants the tenant's.
   */
  @Override
  public int sweepSome() {
    int closed = 0;
    while (closed < AT_ONCE
        && transactions.acrossTenants(connection -> Sql.update(connection, CLOSE)) == 1) {
      closed++;
    }
    return closed;
  }
}
