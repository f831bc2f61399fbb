package dev.sluice.postgres;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.message.StageMessage;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Leases on jobs. Leases compare with the database's clock, the one that all functions share. */
@Singleton
public final class JobClaims {
  private static final String CLAIM =
      """
      update upload_jobs
      set lease_token = ?,
          leased_until = clock_timestamp() + make_interval(secs => ?),
          attempts = attempts + 1
      where job_id = ? and generation = ? and retry_count = ? and status = any (?)
        and (leased_until is null or leased_until <= clock_timestamp())
      """;

  private static final String FIND =
      """
      select j.*, d.filename, d.mime_type,
             j.webhook_secret ->> 'kid' as webhook_key_id, j.webhook_secret ->> 'salt' as webhook_salt
      from upload_jobs j
      join documents d on d.document_id = j.document_id
      where j.job_id = ?
      """;

  private static final String LEASE_REST =
      """
      select extract(epoch from leased_until - clock_timestamp()) from upload_jobs where job_id = ?
      """;

  private static final String GIVE_BACK =
      """
      update upload_jobs
      set lease_token = null, leased_until = null
      where job_id = ? and retry_count = ?
      returning attempts
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
  public Claim claim(StageMessage message, Set<JobStatus> at, Duration lease) {
    var token = UUID.randomUUID();
    var job = message.job();
    return transactions.fenced(
        job,
        connection -> {
          int rows =
              Sql.update(
                  connection,
                  CLAIM,
                  token,
                  lease.toMillis() / 1000.0,
                  job.jobId(),
                  job.generation(),
                  message.retryCount(),
                  at.stream().map(JobStatus::wireName).toArray(String[]::new));
          var row = find(connection, job);
          if (rows == 1 && row != null) {
            return new Claim.Granted(row, token);
          }
          return refusal(connection, row, message.retryCount(), at);
        });
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
    return new Claim.Leased(
        Duration.ofMillis(
            rest == null ? 0 : Math.max(0, (long) (Double.parseDouble(rest) * 1000))));
  }

  /** The job's row, or null if it is gone or another tenant's. */
  public static @Nullable JobRow find(Connection connection, JobRef job) throws SQLException {
    return Sql.queryForRow(connection, FIND, JobRow::read, job.jobId());
  }

  /**
   * Ends the lease, so that the next delivery need not wait for it. Returns the attempts so far.
   */
  public int giveBack(StageMessage message) {
    return transactions.asTenant(
        message.job().userId(),
        connection -> {
          var attempts =
              Sql.queryForText(connection, GIVE_BACK, message.job().jobId(), message.retryCount());
          return attempts == null ? 0 : Integer.parseInt(attempts);
        });
  }
}
