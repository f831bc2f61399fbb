package dev.sluice.webhook;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** The jobs that callbacks name, and the log in which each delivery stands once. */
@Singleton
final class DeliveryLog {
  private static final String FIND_JOB =
      """
      select user_id, document_id, job_id, generation, parser_name, retry_count, correlation_id, status,
             webhook_secret ->> 'kid' as key_id, webhook_secret ->> 'salt' as salt
      from upload_jobs
      where job_id = ?
      """;

  /** A delivery that needs no message counts as sent, so that the sweep leaves it alone. */
  private static final String RECORD =
      """
      insert into webhook_log (job_id, nonce, user_id, event_type, outcome, source, emitted_at)
      values (?, ?, ?, ?, ?, ?, case when ? then null else clock_timestamp() end)
      on conflict (job_id, nonce) do nothing
      """;

  private static final String IS_KNOWN =
      """
      select 1 from webhook_log where job_id = ? and nonce = ?
      """;

  private static final String MESSAGE_DUE =
      """
      select 1 from webhook_log where job_id = ? and nonce = ? and emitted_at is null
      """;

  private static final String MARK_SENT =
      """
      update webhook_log
      set emitted_at = clock_timestamp()
      where job_id = ? and nonce = ? and emitted_at is null
      """;

  private final Transactions transactions;

  DeliveryLog(Transactions transactions) {
    this.transactions = transactions;
  }

  /** The job, whoever's it is. */
  Optional<CallbackJob> findJob(UUID jobId) {
    return transactions.acrossTenants(
        connection ->
            Optional.ofNullable(Sql.queryForRow(connection, FIND_JOB, DeliveryLog::read, jobId)));
  }

  /** Whether the delivery came before. */
  boolean isKnown(JobRef job, String nonce) {
    return transactions.asTenant(
        job.userId(),
        connection -> Sql.queryForText(connection, IS_KNOWN, job.jobId(), nonce) != null);
  }

  /** Records the delivery, once however often it comes, and says whether its message is due. */
  boolean record(JobRef job, String source, VerifiedDelivery delivery) {
    return transactions.asTenant(
        job.userId(),
        connection -> {
          Sql.update(
              connection,
              RECORD,
              job.jobId(),
              delivery.nonce(),
              job.userId(),
              delivery.event(),
              delivery.ended() ? "accepted" : "noted",
              source,
              delivery.ended());
          return Sql.queryForText(connection, MESSAGE_DUE, job.jobId(), delivery.nonce()) != null;
        });
  }

  void markSent(JobRef job, String nonce) {
    transactions.asTenant(
        job.userId(), connection -> Sql.update(connection, MARK_SENT, job.jobId(), nonce));
  }

  private static CallbackJob read(ResultSet row) throws SQLException {
    return new CallbackJob(
        new JobRef(
            row.getObject("user_id", UUID.class),
            row.getObject("document_id", UUID.class),
            row.getObject("job_id", UUID.class),
            row.getInt("generation")),
        row.getString("parser_name"),
        row.getString("key_id"),
        row.getString("salt"),
        row.getInt("retry_count"),
        row.getString("correlation_id"),
        JobStatus.ofWireName(row.getString("status")));
  }
}
