package dev.sluice.stage;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.sluice.message.Invocation;
import dev.sluice.message.StageMessage;
import dev.sluice.postgres.JobFailures;
import dev.sluice.postgres.JobRetries;
import dev.sluice.postgres.WriteRefused;
import dev.sluice.telemetry.LogFields;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a stage over the messages of one SQS event and turns each outcome into what SQS understands:
 * deleted, or failed with the time after which it comes back. One message's failure never touches
 * its neighbours.
 */
@Singleton
public final class StageRunner {
  private static final Logger LOG = LoggerFactory.getLogger(StageRunner.class);
  private static final Duration AT_ONCE = Duration.ZERO;

  private final JobFailures failures;
  private final JobRetries retries;
  private final Settlement settlement;
  private final MessageVisibility visibility;

  StageRunner(
      JobFailures failures,
      JobRetries retries,
      Settlement settlement,
      MessageVisibility visibility) {
    this.failures = failures;
    this.retries = retries;
    this.settlement = settlement;
    this.visibility = visibility;
  }

  /** Runs every message of the event; the response names those that SQS must keep. */
  public <M extends StageMessage> SQSBatchResponse run(
      SQSEvent event, Context context, Stage<M> stage, MessageReader<M> reader) {
    var kept = new ArrayList<BatchItemFailure>();
    for (var message : event.getRecords()) {
      try {
        LogFields.put("stage", stage.stage().wireName());
        LogFields.put("message_id", message.getMessageId());
        if (!handle(message, context, stage, reader)) {
          kept.add(new BatchItemFailure(message.getMessageId()));
        }
      } catch (RuntimeException outage) {
        // Not even the job's row could be asked or changed: no attempt of the job, only of ours.
        kept.add(new BatchItemFailure(message.getMessageId()));
        var delay = Backoff.after(receiveCount(message));
        LogFields.put("code", "outage");
        LOG.error("The message comes back in {} s", delay.toSeconds(), outage);
        visibility.comeBackAfter(stage.stage(), message, delay);
      } finally {
        LogFields.clear();
      }
    }
    return new SQSBatchResponse(kept);
  }

  /** Returns whether SQS may delete the message. */
  private <M extends StageMessage> boolean handle(
      SQSMessage sqsMessage, Context context, Stage<M> stage, MessageReader<M> reader) {
    List<M> messages;
    boolean foreign;
    try {
      messages = reader.read(sqsMessage);
      foreign = reader.isForeign(sqsMessage);
    } catch (IOException | IllegalArgumentException e) {
      LogFields.put("code", "unreadable_message");
      LOG.error("The message is not one of this stage; SQS keeps it for the dead-letter queue", e);
      visibility.comeBackAfter(stage.stage(), sqsMessage, AT_ONCE);
      return false;
    }
    var invocation =
        new Invocation(
            UUID.randomUUID(),
            sqsMessage.getMessageId(),
            receiveCount(sqsMessage),
            () -> Duration.ofMillis(context.getRemainingTimeInMillis()));
    var sending = Sending.of(sqsMessage);
    boolean delete = true;
    for (var message : messages) {
      LogFields.job(message.job(), message.correlationId());
      var after = runOne(new Delivery<>(message, invocation, sending, foreign, stage));
      if (after != null) {
        visibility.comeBackAfter(stage.stage(), sqsMessage, after);
        delete = false;
      }
    }
    return delete;
  }

  private static int receiveCount(SQSMessage message) {
    return Integer.parseInt(message.getAttributes().getOrDefault("ApproximateReceiveCount", "1"));
  }

  /** Returns when the message must come back, or null when SQS may delete it. */
  private <M extends StageMessage> @Nullable Duration runOne(Delivery<M> delivery) {
    var message = delivery.message();
    var standing = failures.standing(message, delivery.invocation().messageId());
    var failed = standing.filter(JobFailures.Standing::failed);
    boolean redriven =
        failed.filter(job -> delivery.sending().isRedriveAfter(job.since())).isPresent();
    if (!redriven && failed.filter(job -> isOn(job, delivery.invocation())).isPresent()) {
      LOG.info("The job failed on this message; it is sent on to the dead-letter queue");
      return AT_ONCE;
    }
    var current =
        standing
            .map(job -> redriven ? retried(message, job) : current(message, job))
            .orElse(message);
    return work(delivery.of(current));
  }

  private <M extends StageMessage> @Nullable Duration work(Delivery<M> delivery) {
    long startedAt = System.nanoTime();
    try {
      var outcome = outcomeOf(delivery.message(), delivery.invocation(), delivery.stage());
      LogFields.put("outcome", outcome.wireName());
      LogFields.put(
          "duration_ms", Long.toString(Duration.ofNanos(System.nanoTime() - startedAt).toMillis()));
      return settlement.settle(delivery, outcome);
    } catch (RuntimeException e) {
      if (Outages.isOutage(e)) {
        var unused = delivery.stage().giveBack(delivery.message(), delivery.invocation(), false);
      }
      throw e;
    }
  }

  private static boolean isOn(JobFailures.Standing failed, Invocation invocation) {
    return invocation.messageId().equals(failed.failedOn());
  }

  /** A redriven message that comes back after a failed attempt still says the old count. */
  @SuppressWarnings("unchecked")
  private static <M extends StageMessage> M current(M message, JobFailures.Standing job) {
    return job.claimedForIt() && !job.failed()
        ? (M) message.withRetryCount(job.retryCount())
        : message;
  }

  @SuppressWarnings("unchecked")
  private <M extends StageMessage> M retried(M message, JobFailures.Standing failed) {
    return retries
        .retry(message.job(), failed.retryCount(), "redrive", message.correlationId())
        .map(
            retried -> {
              LOG.info("A redrive brings the job back to {}", retried.status().wireName());
              return (M) message.withRetryCount(retried.retryCount());
            })
        .orElse(message);
  }

  private <M extends StageMessage> Outcome outcomeOf(
      M message, Invocation invocation, Stage<M> stage) {
    try {
      return stage.run(message, invocation);
    } catch (WriteRefused e) {
      failures.recordRefusal(message.job(), message.correlationId(), e.code());
      return new Outcome.AlreadyDone(e.code());
    } catch (RuntimeException e) {
      if (Outages.isOutage(e)) {
        throw e;
      }
      return Outages.isDiskFull(e)
          ? new Outcome.Failed("disk_full", "The function's temporary disk is full.", e)
          : new Outcome.Failed(
              "unexpected_error", "A defect of ours: " + e.getClass().getSimpleName() + ".", e);
    }
  }
}
