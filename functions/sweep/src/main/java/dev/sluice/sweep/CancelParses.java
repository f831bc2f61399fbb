package dev.sluice.sweep;

import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Reminds the parse stage of parses that go on at the parser for jobs that were cancelled, deleted
 * or superseded; at doubling intervals, until the call is settled or closed as unknown.
 */
@Singleton
final class CancelParses implements SweepTask {
  private static final String TAKE =
      """
      with due as (
        select j.job_id
        from upload_jobs j
        where j.status = 'cancelled'
          and (j.resent_at is null
            or j.resent_at
              <= clock_timestamp() - greatest(interval '30 seconds', j.resent_at - j.status_changed_at))
          and j.job_id in (
            select p.job_id
            from provider_calls p
            where p.state = 'started' and p.operation = 'parse' and p.provider = 'llamaparse')
        order by j.job_id
        limit ?
        for update of j skip locked)
      update upload_jobs j
      set resent_at = clock_timestamp()
      from due
      where j.job_id = due.job_id
      returning j.user_id, j.document_id, j.job_id, j.generation, j.status, j.retry_count,
                j.correlation_id
      """;

  private final Transactions transactions;
  private final JobMessages messages;

  CancelParses(Transactions transactions, JobMessages messages) {
    this.transactions = transactions;
    this.messages = messages;
  }

  @Override
  public String name() {
    return "parses_to_cancel";
  }

  /** A message that is lost is sent again with the next interval. */
  @Override
  public int sweepSome() {
    List<SweptJob> due =
        transactions.acrossTenants(
            connection -> Sql.query(connection, TAKE, SweptJob::read, AT_ONCE));
    due.forEach(messages::collect);
    return due.size();
  }
}
