package dev.sluice.embed;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.message.EmbedMessage;
import dev.sluice.message.Invocation;
import dev.sluice.postgres.JobClaims;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Leases on batches, and what the batches together say of their job. */
@Singleton
final class BatchStore {
  /** No row when the first batch of the job has done it already. */
  private static final String START_EMBEDDING =
      """
      update upload_jobs
      set status = 'embedding_in_progress', attempts = 0, emit_due_at = null
      where job_id = ? and generation = ? and retry_count = ?
        and status in ('chunks_stored', 'embedding_queued')
      """;

  private static final String CLAIM =
      """
      update embedding_batches b
      set lease_token = ?,
          leased_until = clock_timestamp() + make_interval(secs => ?),
          claimed_message_id = ?,
          attempts = attempts + 1,
          wait_until = null, wait_reason = null, emit_due_at = null
      where b.batch_id = ? and b.job_id = ? and b.generation = ? and b.state = 'planned'
        and (b.leased_until is null or b.leased_until <= clock_timestamp())
        and b.attempts < ?
        and exists (
          select from upload_jobs j
          where j.job_id = b.job_id and j.retry_count = ? and j.status = 'embedding_in_progress')
      """;

  private static final String LOOK =
      """
      select b.state, j.status, j.retry_count, b.attempts,
             coalesce(extract(epoch from b.leased_until - clock_timestamp()), 0) as rest
      from embedding_batches b
      join upload_jobs j on j.job_id = b.job_id
      where b.batch_id = ? and b.job_id = ?
      """;

  private static final String GIVE_BACK =
      """
      update embedding_batches
      set lease_token = null, leased_until = null,
          attempts = case
              when not ? and lease_token = ? then greatest(attempts - 1, 0) else attempts end
      where batch_id = ? and state = 'planned'
        and (lease_token is null or lease_token = ? or leased_until <= clock_timestamp())
      returning attempts
      """;

  /** Waiting is not an attempt. */
  private static final String WAIT =
      """
      update embedding_batches
      set lease_token = null, leased_until = null, attempts = greatest(attempts - 1, 0),
          wait_until = clock_timestamp() + make_interval(secs => ?), wait_reason = ?
      where batch_id = ? and lease_token = ?
      """;

  /** The waits double with the outage's age, from 5 s to 5 minutes; long ones stand in the row. */
  private static final String AWAIT_PROVIDER =
      """
      with outage as (
        select batch_id, at, at - coalesce(outage_since, at) as age
        from embedding_batches, clock_timestamp() at
        where batch_id = ? and lease_token = ?
        for update of embedding_batches)
      update embedding_batches b
      set lease_token = null, leased_until = null, attempts = greatest(b.attempts - 1, 0),
          outage_since = at - age,
          wait_until = case
              when age > interval '1 minute' then at + least(interval '5 minutes', age) end,
          wait_reason = case when age > interval '1 minute' then ?::text end
      from outage
      where b.batch_id = outage.batch_id
      returning extract(epoch from age)
      """;

  private static final String FINISH =
      """
      update upload_jobs j
      set status = 'embeddings_stored', attempts = 0,
          emit_due_at = clock_timestamp() + interval '1 minute'
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
  BatchClaim claim(EmbedMessage message, Invocation invocation) {
    var job = message.job();
    return transactions.fenced(
        job,
        connection -> {
          Sql.update(
              connection, START_EMBEDDING, job.jobId(), job.generation(), message.retryCount());
          int claimed =
              Sql.update(
                  connection,
                  CLAIM,
                  invocation.token(),
                  invocation.lease().toMillis() / 1000.0,
                  invocation.messageId(),
                  message.batchId(),
                  job.jobId(),
                  job.generation(),
                  JobClaims.MAX_ATTEMPTS,
                  message.retryCount());
          return claimed == 1 ? new BatchClaim.Granted() : refusal(connection, message);
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
    var rest = Sql.seconds(row.getDouble("rest"));
    if (!rest.isPositive() && row.getInt("attempts") >= JobClaims.MAX_ATTEMPTS) {
      return new BatchClaim.Exhausted();
    }
    return new BatchClaim.Leased(rest.isPositive() ? rest : Duration.ZERO);
  }

  /**
   * Ends this invocation's lease.
   *
   * @return how often the batch was claimed; empty if it is done or another invocation's
   */
  OptionalInt giveBack(EmbedMessage message, Invocation invocation, boolean counted) {
    return transactions.asTenant(
        message.job().userId(),
        connection ->
            Sql.queryForInt(
                connection,
                GIVE_BACK,
                counted,
                invocation.token(),
                message.batchId(),
                invocation.token()));
  }

  /**
   * Ends the lease without counting the attempt; the sweep sends the batch's message again.
   *
   * @param why for people who look
   */
  void waitFor(EmbedMessage message, Invocation invocation, Duration wait, String why) {
    transactions.asTenant(
        message.job().userId(),
        connection ->
            Sql.update(
                connection,
                WAIT,
                wait.toMillis() / 1000.0,
                why,
                message.batchId(),
                invocation.token()));
  }

  /**
   * Ends the lease without counting the attempt, because the provider is away.
   *
   * @param why for people who look
   * @return for how long it has been; empty if the batch is another invocation's now
   */
  Optional<Duration> awaitProvider(EmbedMessage message, Invocation invocation, String why) {
    return transactions.asTenant(
        message.job().userId(),
        connection ->
            Optional.ofNullable(
                    Sql.queryForText(
                        connection, AWAIT_PROVIDER, message.batchId(), invocation.token(), why))
                .map(seconds -> Sql.seconds(Double.parseDouble(seconds))));
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
