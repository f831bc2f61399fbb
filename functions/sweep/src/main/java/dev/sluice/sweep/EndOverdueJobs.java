package dev.sluice.sweep;

import dev.sluice.document.PipelineStage;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Ends jobs whose bytes never came, and jobs that the parser never finished. The parse stage itself
 * gives up after two hours, when it asks for the last time; this is for the job whose last question
 * was lost. While messages wait in the parse queue, one of them may be the job's; what waits for
 * anything else than the parser has an end of its own.
 */
@Singleton
final class EndOverdueJobs implements SweepTask {
  private static final Duration LONGEST_PARSE = Duration.ofMinutes(135);

  private static final String END =
      """
      with due as (
        select job_id, status,
               case status when 'uploaded' then 'upload_expired' else 'parse_timeout' end as code,
               case status
                 when 'uploaded' then 'The bytes did not arrive within ' || ?::text || '.'
                 else 'The parser did not finish this document in two hours.' end as message
        from upload_jobs
        where (status = 'uploaded' and received_at is null
                and created_at <= clock_timestamp() - make_interval(secs => ?)
              or status = 'parse_queued' and coalesce(wait_reason, 'parser') = 'parser'
                and status_changed_at <= clock_timestamp() - make_interval(secs => ?))
          and (leased_until is null or leased_until <= clock_timestamp())
        order by job_id
        limit ?
        for update skip locked)
      update upload_jobs j
      set status = 'failed_parse',
          last_error = jsonb_build_object(
              'code', due.code, 'stage', 'parse', 'message', due.message),
          lease_token = null, leased_until = null, wait_reason = null, wait_until = null,
          emit_due_at = null
      from due
      where j.job_id = due.job_id and j.status = due.status
      """;

  private final Transactions transactions;
  private final Backlogs backlogs;
  private final Duration uploadExpiry;

  EndOverdueJobs(
      Transactions transactions,
      Backlogs backlogs,
      @Property(name = "sluice.upload-expiry") Duration uploadExpiry) {
    this.transactions = transactions;
    this.backlogs = backlogs;
    this.uploadExpiry = uploadExpiry;
  }

  @Override
  public String name() {
    return "overdue_jobs_failed";
  }

  @Override
  public int sweepSome() {
    if (backlogs.has(PipelineStage.PARSE)) {
      return 0;
    }
    return transactions.acrossTenants(
        connection ->
            Sql.update(
                connection,
                END,
                spoken(uploadExpiry),
                (double) uploadExpiry.toSeconds(),
                (double) LONGEST_PARSE.toSeconds(),
                AT_ONCE));
  }

  private static String spoken(Duration duration) {
    return duration.toMinutesPart() == 0
        ? duration.toHours() + " hours"
        : duration.toMinutes() + " minutes";
  }
}
