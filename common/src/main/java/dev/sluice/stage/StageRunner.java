package dev.sluice.stage;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.sluice.message.StageMessage;
import dev.sluice.postgres.JobFailures;
import dev.sluice.postgres.WriteRefused;
import dev.sluice.telemetry.LogFields;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private static final Duration LONGEST_WAIT_BY_VISIBILITY = Duration.ofSeconds(60);

  private final JobFailures failures;
  private final MessageVisibility visibility;
  private final Clock clock;

  StageRunner(JobFailures failures, MessageVisibility visibility, Clock clock) {
    this.failures = failures;
    this.visibility = visibility;
    this.clock = clock;
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
    try {
      messages = reader.read(sqsMessage);
    } catch (IOException | IllegalArgumentException e) {
      LogFields.put("code", "unreadable_message");
      LOG.error("The message is not one of this stage; SQS keeps it for the dead-letter queue", e);
      visibility.comeBackAfter(stage.stage(), sqsMessage, AT_ONCE);
      return false;
    }
    var invocation =
        new Invocation(
            sqsMessage.getMessageId(),
            receiveCount(sqsMessage),
            () -> Duration.ofMillis(context.getRemainingTimeInMillis()));
    boolean delete = true;
    for (var message : messages) {
      LogFields.job(message.job(), message.correlationId());
      var after = runOne(message, invocation, stage);
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
  private <M extends StageMessage> @Nullable Duration runOne(
      M message, Invocation invocation, Stage<M> stage) {
    if (failures.failedOn(message.job(), message.retryCount(), invocation.messageId())) {
      LOG.info("The job failed on this message; it is sent on to the dead-letter queue");
      return AT_ONCE;
    }
    long startedAt = System.nanoTime();
    var outcome = outcomeOf(message, invocation, stage);
    LogFields.put("outcome", outcome.wireName());
    LogFields.put(
        "duration_ms", Long.toString(Duration.ofNanos(System.nanoTime() - startedAt).toMillis()));
    return settle(message, invocation, stage, outcome);
  }

  private <M extends StageMessage> Outcome outcomeOf(
      M message, Invocation invocation, Stage<M> stage) {
    try {
      return stage.run(message, invocation);
    } catch (WriteRefused e) {
      failures.recordRefusal(message.job(), message.correlationId(), e.code());
      return new Outcome.AlreadyDone(e.code());
    } catch (RuntimeException e) {
      return new Outcome.Failed("unexpected_error", e.toString(), e);
    }
  }

  private <M extends StageMessage> @Nullable Duration settle(
      M message, Invocation invocation, Stage<M> stage, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Advanced advanced -> {
        LOG.info("Done");
        yield null;
      }
      case Outcome.AlreadyDone(String why) -> {
        LOG.info("Nothing to do: {}", why);
        yield null;
      }
      case Outcome.Busy(Duration rest) -> {
        LOG.info("Another invocation holds the lease for {} s more", rest.toSeconds());
        yield rest;
      }
      case Outcome.Deferred(var until, String why) -> {
        var wait = Duration.between(clock.instant(), until);
        LOG.info("Waits for {} until {}", why, until);
        yield wait.compareTo(LONGEST_WAIT_BY_VISIBILITY) > 0 ? null : wait;
      }
      case Outcome.Failed(String code, String why, var cause) -> {
        LogFields.put("code", code);
        yield retryOrGiveUp(message, invocation, stage, new Outcome.Failed(code, why, cause));
      }
      case Outcome.Rejected(String code, String why) -> {
        LogFields.put("code", code);
        giveUp(message, invocation, stage, code, why);
        yield AT_ONCE;
      }
    };
  }

  private <M extends StageMessage> Duration retryOrGiveUp(
      M message, Invocation invocation, Stage<M> stage, Outcome.Failed failed) {
    int attempts = stage.giveBack(message);
    if (attempts >= Backoff.MAX_ATTEMPTS) {
      LOG.error("Attempt {} failed, the last one", attempts, failed.cause());
      giveUp(message, invocation, stage, failed.code(), failed.message());
      return AT_ONCE;
    }
    var delay = Backoff.after(attempts);
    LOG.warn(
        "Attempt {} failed; the next one starts in {} s",
        attempts,
        delay.toSeconds(),
        failed.cause());
    return delay;
  }

  private <M extends StageMessage> void giveUp(
      M message, Invocation invocation, Stage<M> stage, String code, String why) {
    LOG.warn("The job fails with {}: {}", code, why);
    failures.fail(
        message.job(), message.retryCount(), stage.stage(), invocation.messageId(), code, why);
  }
}
