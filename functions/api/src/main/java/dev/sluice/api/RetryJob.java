package dev.sluice.api;

import dev.sluice.message.StageMessages;
import dev.sluice.postgres.Emissions;
import dev.sluice.postgres.JobRetries;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import dev.sluice.telemetry.LogFields;
import jakarta.inject.Singleton;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the document's failed job go on from the last state that is stored. The commit promises a
 * message; if it is not sent here, the sweep sends it.
 */
@Singleton
final class RetryJob {
  private static final Logger LOG = LoggerFactory.getLogger(RetryJob.class);

  private static final String IS_DELETED =
      """
      select 1 from documents where document_id = ? and deleted_at is not null
      """;

  private final Transactions transactions;
  private final JobRepository jobs;
  private final JobRetries retries;
  private final StageMessages messages;
  private final Emissions emissions;

  RetryJob(
      Transactions transactions,
      JobRepository jobs,
      JobRetries retries,
      StageMessages messages,
      Emissions emissions) {
    this.transactions = transactions;
    this.jobs = jobs;
    this.retries = retries;
    this.messages = messages;
    this.emissions = emissions;
  }

  /**
   * Retries, and returns the job as it then stands.
   *
   * @throws Refusal if there is no such document, or nothing of it to be retried; nothing has
   *     changed then
   */
  JobView retry(Caller caller, UUID documentId) {
    var standing = standing(caller, documentId);
    LogFields.job(standing.job(), caller.correlationId());
    if (!standing.status().isFailed() || !standing.hasBytes()) {
      throw Refusal.notToBeRetried(standing);
    }
    var retried =
        retries
            .retry(standing.job(), standing.retryCount(), "retry", caller.correlationId())
            .orElseThrow(() -> Refusal.notToBeRetried(standing(caller, documentId)));
    send(standing, retried);
    return transactions
        .asTenant(caller.userId(), connection -> jobs.latest(documentId))
        .orElseThrow(Refusal::unknownDocument);
  }

  private JobActs.Standing standing(Caller caller, UUID documentId) {
    return transactions.asTenant(
        caller.userId(),
        connection -> {
          var standing = JobActs.lockLatest(connection, documentId);
          if (standing.isEmpty() && Sql.queryForText(connection, IS_DELETED, documentId) != null) {
            throw Refusal.deletedDocument();
          }
          return standing.orElseThrow(Refusal::unknownDocument);
        });
  }

  private void send(JobActs.Standing standing, JobRetries.Retried retried) {
    try {
      messages.send(
          standing.job(), retried.status(), retried.retryCount(), standing.correlationId());
      emissions.sent(standing.job(), retried.retryCount(), retried.status());
    } catch (RuntimeException e) {
      LOG.warn(
          "The message of job {} was not sent; the sweep sends it within two minutes",
          standing.job().jobId(),
          e);
    }
  }
}
