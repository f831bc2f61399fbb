package dev.sluice.sweep;

import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;

/** Ends jobs whose bytes never came: the signed upload has long expired. */
@Singleton
final class ExpireUploads implements SweepTask {
  private static final String EXPIRE =
      """
      with due as (
        select job_id
        from upload_jobs
        where status = 'uploaded' and received_at is null
          and created_at <= clock_timestamp() - interval '24 hours'
          and (leased_until is null or leased_until <= clock_timestamp())
        order by job_id
        limit ?
        for update skip locked)
      update upload_jobs j
      set status = 'failed_parse',
          last_error = jsonb_build_object(
              'code', 'upload_expired', 'stage', 'parse',
              'message', 'The bytes did not arrive within 24 hours.'),
          lease_token = null, leased_until = null, wait_reason = null, wait_until = null,
          emit_due_at = null
      from due
      where j.job_id = due.job_id and j.status = 'uploaded' and j.received_at is null
      """;

  private final Transactions transactions;

  ExpireUploads(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public String name() {
    return "uploads_expired";
  }

  @Override
  public int sweepSome() {
    return transactions.acrossTenants(connection -> Sql.update(connection, EXPIRE, AT_ONCE));
  }
}
