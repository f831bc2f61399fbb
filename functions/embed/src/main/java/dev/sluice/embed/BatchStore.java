package dev.sluice.embed;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.message.EmbedMessage;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Leases on batches, and what the batches together say of their job. */
@Singleton
final class BatchStore {
  /** No row when the first batch of the job has done it already. */
  private static final String START_EMBEDDING =
      """
      update upload_jobs
      set status = 'embedding_in_progress', attempts = 0
      where job_id = ? and generation = ? and retry_count = ?
        and status in ('chunks_stored', 'embedding_queued')
      """;

  private static final String CLAIM =
      """
      update embedding_batches b
      set lease_token = ?,
          leased_until = clock_timestamp() + make_interval(secs => ?),
          attempts = attempts + 1,
          wait_until = null
      where b.batch_id = ? and b.job_id = ? and b.generation = ? and b.state = 'planned'
        and (b.leased_until is null or b.leased_until <= clock_timestamp())
        and exists (
          select from upload_jobs j
          where j.job_id = b.job_id and j.retry_count = ? and j.status = 'embedding_in_progress')
      returning tokens
      """;

  private static final String LOOK =
      """
      select b.state, j.status, j.retry_count,
             coalesce(extract(epoch from b.leased_until - clock_timestamp()), 0) as rest
      from embedding_batches b
      join upload_jobs j on j.job_id = b.job_id
      where b.batch_id = ? and b.job_id = ?
      """;

  private static final String GIVE_BACK =
      """
      update embedding_batches
      set lease_token = null, leased_until = null
      where batch_id = ? and state = 'planned'
      returning attempts
      """;

  /** Waiting is not an attempt. */
  private static final String WAIT =
      """
      update embedding_batches
      set lease_token = null, leased_until = null, wait_until = ?,
          attempts = greatest(attempts - 1, 0)
      where batch_id = ? and lease_token = ?
      """;

  private static final String FINISH =
      """
      update upload_jobs j
      set status = 'embeddings_stored', attempts = 0
      where j.job_id = ? and j.generation = ? and j.retry_count = ?
        and j.status = 'embedding_in_progress'
        and not exists (
          select from embedding_batches b where b.job_id = j.job_id and b.state = 'planned')
      """;

  private final Transactions transactions;

  BatchStore(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Claims the message's batch for this invocation; the first claim moves the job. */
  BatchClaim claim(EmbedMessage message, Duration lease) {
    var job = message.job();
    var token = UUID.randomUUID();
    return transactions.fenced(
        job,
        connection -> {
          Sql.update(
              connection, START_EMBEDDING, job.jobId(), job.generation(), message.retryCount());
          var tokens =
              Sql.queryForText(
                  connection,
                  CLAIM,
                  token,
                  lease.toMillis() / 1000.0,
                  message.batchId(),
                  job.jobId(),
                  job.generation(),
                  message.retryCount());
          return tokens == null
              ? refusal(connection, message)
              : new BatchClaim.Granted(token, Long.parseLong(tokens));
        });
  }

  private static BatchClaim refusal(Connection connection, EmbedMessage message)
      throws SQLException {
    BatchClaim claim =
        Sql.queryForRow(
            connection,
            LOOK,
            row -> refusal(row, message.retryCount()),
            message.batchId(),
            message.job().jobId());
    return claim == null ? new BatchClaim.NotWanted("the batch is gone") : claim;
  }

  private static BatchClaim refusal(ResultSet row, int retryCount) throws SQLException {
    var status = JobStatus.ofWireName(row.getString("status"));
    if (row.getInt("retry_count") != retryCount) {
      return new BatchClaim.NotWanted("a retry has made the message stale");
    }
    if (!row.getString("state").equals("planned")) {
      return new BatchClaim.Done(status);
    }
    if (status != JobStatus.EMBEDDING_IN_PROGRESS) {
      return new BatchClaim.NotWanted("the job is " + status.wireName());
    }
    long milliseconds = (long) (row.getDouble("rest") * 1000);
    return new BatchClaim.Leased(Duration.ofMillis(Math.max(0, milliseconds)));
  }

  /** Ends the lease. Returns how often the batch was claimed. */
  int giveBack(EmbedMessage message) {
    return transactions.asTenant(
        message.job().userId(),
        connection -> {
          var attempts = Sql.queryForText(connection, GIVE_BACK, message.batchId());
          return attempts == null ? 0 : Integer.parseInt(attempts);
        });
  }

  /**
   * Ends the lease without counting the attempt.
   *
   * @param until when the sweep sends the batch's message again; null if the message itself waits
   */
  void waitUntil(EmbedMessage message, UUID lease, @Nullable Instant until) {
    transactions.asTenant(
        message.job().userId(),
        connection -> Sql.update(connection, WAIT, until, message.batchId(), lease));
  }

  /**
   * Moves the job on if no batch is open. A statement of its own, after the batch's commit: inside
   * that transaction two functions that end together would each still see the other's batch open.
   *
   * @return whether this call moved it
   */
  boolean finish(JobRef job, int retryCount) {
    return transactions.fenced(
        job,
        connection ->
            Sql.update(connection, FINISH, job.jobId(), job.generation(), retryCount) == 1);
  }
}
