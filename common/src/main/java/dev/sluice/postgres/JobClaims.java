package dev.sluice.postgres;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.message.Invocation;
import dev.sluice.message.StageMessage;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Leases on jobs. Leases compare with the database's clock, the one that all functions share. */
@Singleton
public final class JobClaims {
  /** The first try and three more; counted when it begins, since a killed one cannot count. */
  public static final int MAX_ATTEMPTS = 4;

  private static final String CLAIM =
      """
      update upload_jobs
      set lease_token = ?,
          leased_until = clock_timestamp() + make_interval(secs => ?),
          claimed_message_id = ?,
          attempts = attempts + 1,
          emit_due_at = null
      where job_id = ? and generation = ? and retry_count = ? and status = any (?)
        and (leased_until is null or leased_until <= clock_timestamp())
        and attempts < ?
      """;

  private static final String FIND =
      """
      select j.*, d.filename, d.mime_type,
             j.webhook_secret ->> 'kid' as webhook_key_id, j.webhook_secret ->> 'salt' as webhook_salt,
             extract(epoch from clock_timestamp() - j.status_changed_at) as standing_seconds
      from upload_jobs j
      join documents d on d.document_id = j.document_id
      where j.job_id = ?
      """;

  private static final String LEASE_REST =
      """
      select extract(epoch from leased_until - clock_timestamp())
      from upload_jobs
      where job_id = ? and leased_until > clock_timestamp()
      """;

  private static final String GIVE_BACK =
      """
      update upload_jobs
      set lease_token = null, leased_until = null,
          attempts = case
              when not ? and lease_token = ? then greatest(attempts - 1, 0) else attempts end
      where job_id = ? and generation = ? and retry_count = ?
        and (lease_token is null or lease_token = ? or leased_until <= clock_timestamp())
      returning attempts
      """;

  /** The waits double with the outage's age, from 5 s to 5 minutes; long ones stand in the row. */
  private static final String AWAIT_PROVIDER =
      """
      with outage as (
        select job_id, at, at - coalesce(outage_since, at) as age
        from upload_jobs, clock_timestamp() at
        where job_id = ? and generation = ? and retry_count = ? and lease_token = ?
        for update of upload_jobs)
      update upload_jobs j
      set lease_token = null, leased_until = null, attempts = greatest(j.attempts - 1, 0),
          outage_since = at - age,
          wait_reason = case
              when age > interval '1 minute' or j.status = 'parse_queued' then ?::text end,
          wait_until = case
              when age > interval '1 minute' then at + least(interval '5 minutes', age)
              when j.status = 'parse_queued' then at + interval '5 minutes' end
      from outage
      where j.job_id = outage.job_id
      returning extract(epoch from age)
      """;

  /** Waiting is not an attempt. */
  private static final String WAIT =
      """
      update upload_jobs
      set lease_token = null, leased_until = null, attempts = greatest(attempts - 1, 0),
          wait_reason = ?, wait_until = clock_timestamp() + make_interval(secs => ?)
      where job_id = ? and generation = ? and retry_count = ? and lease_token = ?
      """;

  private final Transactions transactions;

  JobClaims(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Claims the message's job for this invocation, if it stands in one of {@code at}.
   *
   * @throws WriteRefused.FenceLost if the document is deleted or another generation is current
   */
  public Claim claim(StageMessage message, Set<JobStatus> at, Invocation invocation) {
    return transactions.fenced(
        message.job(), connection -> take(connection, message, at, invocation));
  }

  /** Claims a job whose bytes have not been received: the fence opens with them, and not before. */
  public Claim claimUnreceived(StageMessage message, Invocation invocation) {
    return transactions.asTenant(
        message.job().userId(),
        connection -> take(connection, message, EnumSet.of(JobStatus.UPLOADED), invocation));
  }

  private static Claim take(
      Connection connection, StageMessage message, Set<JobStatus> at, Invocation invocation)
      throws SQLException {
    var job = message.job();
    int rows =
        Sql.update(
            connection,
            CLAIM,
            invocation.token(),
            invocation.lease().toMillis() / 1000.0,
            invocation.messageId(),
            job.jobId(),
            job.generation(),
            message.retryCount(),
            at.stream().map(JobStatus::wireName).toArray(String[]::new),
            MAX_ATTEMPTS);
    var row = find(connection, job);
    return rows == 1 && row != null
        ? new Claim.Granted(row, invocation.token())
        : refusal(connection, row, message.retryCount(), at);
  }

  private static Claim refusal(
      Connection connection, @Nullable JobRow row, int retryCount, Set<JobStatus> at)
      throws SQLException {
    if (row == null || row.retryCount() != retryCount) {
      return new Claim.Stale();
    }
    if (!at.contains(row.status())) {
      return new Claim.NotHere(row);
    }
    var rest = Sql.queryForText(connection, LEASE_REST, row.job().jobId());
    if (rest != null) {
      return new Claim.Leased(Sql.seconds(Double.parseDouble(rest)));
    }
    return row.attempts() < MAX_ATTEMPTS ? new Claim.Leased(Duration.ZERO) : new Claim.Exhausted();
  }

  /** The job's row, or null if it is gone or another tenant's. */
  public static @Nullable JobRow find(Connection connection, JobRef job) throws SQLException {
    return Sql.queryForRow(connection, FIND, JobRow::read, job.jobId());
  }

  /**
   * Ends this invocation's lease, so that the next delivery need not wait for it.
   *
   * @param counted whether the attempt was one of the job's, and not an outage of ours
   * @return the attempts so far; empty if the job is another invocation's now
   */
  public OptionalInt giveBack(StageMessage message, Invocation invocation, boolean counted) {
    var job = message.job();
    return transactions.asTenant(
        job.userId(),
        connection ->
            Sql.queryForInt(
                connection,
                GIVE_BACK,
                counted,
                invocation.token(),
                job.jobId(),
                job.generation(),
                message.retryCount(),
                invocation.token()));
  }

  /**
   * Ends this invocation's lease without counting the attempt; the sweep wakes the job.
   *
   * @param why for {@code wait_reason}
   */
  public void waitFor(StageMessage message, Invocation invocation, Duration wait, String why) {
    var job = message.job();
    transactions.asTenant(
        job.userId(),
        connection ->
            Sql.update(
                connection,
                WAIT,
                why,
                wait.toMillis() / 1000.0,
                job.jobId(),
                job.generation(),
                message.retryCount(),
                invocation.token()));
  }

  /**
   * Ends this invocation's lease because a provider is away, without counting the attempt.
   *
   * @param why for {@code wait_reason}
   * @return for how long the outage has lasted; empty if the job is another invocation's now
   */
  public Optional<Duration> awaitProvider(StageMessage message, Invocation invocation, String why) {
    var job = message.job();
    return transactions.asTenant(
        job.userId(),
        connection ->
            Optional.ofNullable(
                    Sql.queryForText(
                        connection,
                        AWAIT_PROVIDER,
                        job.jobId(),
                        job.generation(),
                        message.retryCount(),
                        invocation.token(),
                        why))
                .map(seconds -> Sql.seconds(Double.parseDouble(seconds))));
  }
}
