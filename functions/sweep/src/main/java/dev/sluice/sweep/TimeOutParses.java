package dev.sluice.sweep;

import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;

/**
 * Ends jobs that the parser never finished. The parse stage itself gives up after two hours, when
 * it asks for the last time; this is for the job whose last question was lost.
 */
@Singleton
final class TimeOutParses implements SweepTask {
  private static final String TIME_OUT =
      """
      with due as (
        select job_id
        from upload_jobs
        where status = 'parse_queued'
          and status_changed_at <= clock_timestamp() - interval '135 minutes'
          and (leased_until is null or leased_until <= clock_timestamp())
        order by job_id
        limit ?
        for update skip locked)
      update upload_jobs j
      set status = 'failed_parse',
          last_error = jsonb_build_object(
              'code', 'parse_timeout', 'stage', 'parse',
              'message', 'The parser did not finish this document in two hours.'),
          lease_token = null, leased_until = null, wait_reason = null, wait_until = null,
          emit_due_at = null
      from due
      where j.job_id = due.job_id and j.status = 'parse_queued'
      """;

  private final Transactions transactions;

  TimeOutParses(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public String name() {
    return "parses_timed_out";
  }

  @Override
  public int sweepSome() {
    return transactions.acrossTenants(connection -> Sql.update(connection, TIME_OUT, AT_ONCE));
  }
}
