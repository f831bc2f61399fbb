package dev.sluice.sweep;

import dev.sluice.postgres.JobClaims;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import dev.sluice.stage.Outcome;
import jakarta.inject.Singleton;

/**
 * Fails jobs whose last attempt died without a word: crashed, out of memory, or stopped at its
 * timeout. The message that was lost with it goes to the dead-letter queue when SQS brings it back.
 */
@Singleton
final class FailExhausted implements SweepTask {
  private static final String FAIL_JOBS =
      """
      with due as (
        select job_id,
               case when status in ('uploaded', 'parse_queued') then 'parse'
                    when status = 'parsed' then 'validate'
                    when status in ('parse_validated', 'chunking') then 'chunk'
                    else 'finalize' end as stage
        from upload_jobs
        where leased_until <= clock_timestamp() and attempts >= ?
          and status not in
            ('complete', 'cancelled', 'failed_parse', 'failed_chunking', 'failed_embedding')
        order by job_id
        limit ?
        for update skip locked)
      update upload_jobs j
      set status = case when due.stage in ('parse', 'validate') then 'failed_parse'
                        when due.stage = 'chunk' then 'failed_chunking'
                        else 'failed_embedding' end,
          last_error = jsonb_build_object(
              'code', ?::text, 'message', ?::text, 'stage', due.stage),
          failed_message_id = claimed_message_id,
          lease_token = null, leased_until = null, wait_reason = null, wait_until = null,
          emit_due_at = null
      from due
      where j.job_id = due.job_id
      """;

  private static final String FAIL_JOBS_OF_BATCHES =
      """
      with due as (
        select j.job_id,
               (select b.claimed_message_id
                from embedding_batches b
                where b.job_id = j.job_id and b.state = 'planned'
                  and b.leased_until <= clock_timestamp() and b.attempts >= ?
                order by b.batch_no
                limit 1) as message_id
        from upload_jobs j
        where j.status = 'embedding_in_progress'
          and exists (
            select from embedding_batches b
            where b.job_id = j.job_id and b.state = 'planned'
              and b.leased_until <= clock_timestamp() and b.attempts >= ?)
        order by j.job_id
        limit ?
        for update of j skip locked)
      update upload_jobs j
      set status = 'failed_embedding',
          last_error = jsonb_build_object('code', ?::text, 'message', ?::text, 'stage', 'embed'),
          failed_message_id = due.message_id,
          wait_reason = null, wait_until = null, emit_due_at = null
      from due
      where j.job_id = due.job_id
      """;

  private static final Outcome.Rejected REASON = Outcome.attemptsExhausted();

  private final Transactions transactions;

  FailExhausted(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public String name() {
    return "jobs_out_of_attempts";
  }

  @Override
  public int sweepSome() {
    return transactions.acrossTenants(
        connection ->
            Math.max(
                Sql.update(
                    connection,
                    FAIL_JOBS,
                    JobClaims.MAX_ATTEMPTS,
                    AT_ONCE,
                    REASON.code(),
                    REASON.message()),
                Sql.update(
                    connection,
                    FAIL_JOBS_OF_BATCHES,
                    JobClaims.MAX_ATTEMPTS,
                    JobClaims.MAX_ATTEMPTS,
                    AT_ONCE,
                    REASON.code(),
                    REASON.message())));
  }
}
