package dev.sluice.sweep;

import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Sends on the jobs that have something overdue: a message that a commit promised, a lease that its
 * function did not live to give back, a wait that is over, or, at doubling intervals from one hour,
 * a message that nobody has claimed. A long queue is not a lost message: what is sent twice finds
 * the work done.
 */
@Singleton
final class WakeJobs implements SweepTask {
  /** Should this function die before it has sent, the promise to send is a minute old then. */
  private static final String TAKE =
      """
      with due as (
        select j.job_id
        from upload_jobs j
        join documents d
          on d.document_id = j.document_id and d.deleted_at is null
         and d.current_generation = j.generation
        where j.status not in
            ('complete', 'cancelled', 'failed_parse', 'failed_chunking', 'failed_embedding')
          and (j.status <> 'uploaded' or j.received_at is not null)
          and (j.leased_until is null or j.leased_until <= clock_timestamp())
          and (j.emit_due_at <= clock_timestamp()
            or j.leased_until <= clock_timestamp()
            or j.wait_until <= clock_timestamp()
            or (j.emit_due_at is null and j.wait_until is null and j.leased_until is null
              and j.status_changed_at <= clock_timestamp() - interval '1 hour'))
        order by j.job_id
        limit ?
        for update of j skip locked)
      update upload_jobs j
      set lease_token = null,
          leased_until = null,
          emit_due_at = clock_timestamp() + interval '1 minute',
          wait_reason = case
              when j.wait_until <= clock_timestamp() and j.status <> 'parse_queued' then null
              else j.wait_reason end,
          wait_until = case
              when j.wait_until > clock_timestamp() then j.wait_until
              when j.status = 'parse_queued' and j.wait_until is not null
                then clock_timestamp()
                  + greatest(interval '2 minutes', clock_timestamp() - j.status_changed_at) end
      from due
      where j.job_id = due.job_id
      returning j.user_id, j.document_id, j.job_id, j.generation, j.status, j.retry_count,
                j.correlation_id, j.emit_due_at
      """;

  /** What waits for a named thing has its next time already. */
  private static final String SENT =
      """
      update upload_jobs
      set emit_due_at = case
          when status = ? and wait_until is null
            then clock_timestamp()
              + greatest(interval '1 hour', clock_timestamp() - status_changed_at) end
      where job_id = ? and emit_due_at = ?
      """;

  private final Transactions transactions;
  private final StageMessages messages;

  WakeJobs(Transactions transactions, StageMessages messages) {
    this.transactions = transactions;
    this.messages = messages;
  }

  private record Due(SweptJob job, Instant promised) {
    static Due read(ResultSet row) throws SQLException {
      return new Due(SweptJob.read(row), Objects.requireNonNull(Sql.instant(row, "emit_due_at")));
    }
  }

  @Override
  public String name() {
    return "jobs_woken";
  }

  @Override
  public int sweepSome() {
    List<Due> due =
        transactions.acrossTenants(connection -> Sql.query(connection, TAKE, Due::read, AT_ONCE));
    for (var one : due) {
      messages.send(one.job());
      transactions.acrossTenants(
          connection ->
              Sql.update(
                  connection,
                  SENT,
                  one.job().status().wireName(),
                  one.job().job().jobId(),
                  one.promised()));
    }
    return due.size();
  }
}
