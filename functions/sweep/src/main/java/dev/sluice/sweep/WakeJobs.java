package dev.sluice.sweep;

import dev.sluice.postgres.JobClaims;
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
 * function did not live to give back, a wait that is over, or a message that is lost, since its
 * queue is empty. What is sent twice finds the work done.
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
         and (d.current_generation = j.generation
           or (j.received_at is null and d.current_generation < j.generation))
        where j.status not in
            ('complete', 'cancelled', 'failed_parse', 'failed_chunking', 'failed_embedding')
          and (j.leased_until is null
            or (j.leased_until <= clock_timestamp() and j.attempts < ?))
          and (j.emit_due_at <= clock_timestamp()
            or j.leased_until <= clock_timestamp()
            or j.wait_until <= clock_timestamp()
            or (j.emit_due_at is null and j.wait_until is null and j.leased_until is null
              and j.status = any (?)
              and coalesce(j.resent_at, j.status_changed_at)
                <= clock_timestamp() - greatest(interval '15 minutes',
                  coalesce(j.resent_at, j.status_changed_at) - j.status_changed_at)
              and (j.status not in ('embedding_queued', 'embedding_in_progress')
                or not exists (
                  select from embedding_batches b
                  where b.job_id = j.job_id and b.state = 'planned'))))
        order by j.job_id
        limit ?
        for update of j skip locked)
      update upload_jobs j
      set lease_token = null,
          leased_until = null,
          emit_due_at = clock_timestamp() + interval '1 minute',
          resent_at = clock_timestamp(),
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

  private static final String SENT =
      """
      update upload_jobs
      set emit_due_at = null
      where job_id = ? and emit_due_at = ?
      """;

  private final Transactions transactions;
  private final JobMessages messages;
  private final Backlogs backlogs;

  WakeJobs(Transactions transactions, JobMessages messages, Backlogs backlogs) {
    this.transactions = transactions;
    this.messages = messages;
    this.backlogs = backlogs;
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
    var withoutBacklog = backlogs.statusesWithout();
    List<Due> due =
        transactions.acrossTenants(
            connection ->
                Sql.query(
                    connection, TAKE, Due::read, JobClaims.MAX_ATTEMPTS, withoutBacklog, AT_ONCE));
    for (var one : due) {
      messages.send(one.job());
      transactions.acrossTenants(
          connection -> Sql.update(connection, SENT, one.job().job().jobId(), one.promised()));
    }
    return due.size();
  }
}
