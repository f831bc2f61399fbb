package dev.sluice.stage;

import dev.sluice.message.MessageSender;
import dev.sluice.message.StageMessage;
import dev.sluice.postgres.JobClaims;
import dev.sluice.postgres.JobFailures;
import dev.sluice.telemetry.LogFields;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by the outcome what becomes of the message, and fails the job that can go on no more.
 *
 * <p>A job fails on a message of our own, which lies in the dead-letter queue from then on and can
 * be redriven. Where another service's message brought it, one of ours takes its place: a
 * repetition of the other's cannot be told from its redrive.
 */
@Singleton
final class Settlement {
  private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration LONGEST_WAIT_BY_VISIBILITY = Duration.ofSeconds(60);

  /** Were it delivered before the failure is committed, it would begin the work anew. */
  private static final Duration UNTIL_IT_HAS_FAILED = Duration.ofSeconds(5);

  private final JobFailures failures;
  private final MessageSender sender;

  Settlement(JobFailures failures, MessageSender sender) {
    this.failures = failures;
    this.sender = sender;
  }

  /** Returns when the message must come back, or null when SQS may delete it. */
  <M extends StageMessage> @Nullable Duration settle(Delivery<M> delivery, Outcome outcome) {
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
      case Outcome.Deferred(var wait, String why) -> {
        LOG.info("Waits for {} for {} s", why, wait.toSeconds());
        yield wait.compareTo(LONGEST_WAIT_BY_VISIBILITY) > 0 ? null : wait;
      }
      case Outcome.Failed failure -> {
        LogFields.put("code", failure.code());
        var attempts = giveBack(delivery);
        yield attempts.isEmpty()
            ? notOurs()
            : retryOrGiveUp(delivery, failure, attempts.getAsInt());
      }
      case Outcome.Rejected(String code, String why) -> {
        LogFields.put("code", code);
        yield giveBack(delivery).isEmpty() ? notOurs() : giveUp(delivery, code, why);
      }
    };
  }

  private static <M extends StageMessage> OptionalInt giveBack(Delivery<M> delivery) {
    return delivery.stage().giveBack(delivery.message(), delivery.invocation(), true);
  }

  /** Whoever has the work now has a message of its own, or will be woken by the sweep. */
  private static @Nullable Duration notOurs() {
    LOG.warn("The work is another invocation's by now: this failure is not the job's");
    return null;
  }

  private @Nullable Duration retryOrGiveUp(
      Delivery<?> delivery, Outcome.Failed failed, int attempts) {
    if (attempts >= JobClaims.MAX_ATTEMPTS) {
      LOG.error("Attempt {} failed with {}, the last one", attempts, failed.code(), failed.cause());
      return giveUp(delivery, failed.code(), failed.message());
    }
    var delay = Backoff.after(attempts);
    LOG.warn(
        "Attempt {} failed with {}; the next one starts in {} s",
        attempts,
        failed.code(),
        delay.toSeconds(),
        failed.cause());
    return delay;
  }

  private @Nullable Duration giveUp(Delivery<?> delivery, String code, String why) {
    LOG.warn("The job fails with {}: {}", code, why);
    var stage = delivery.stage().stage();
    var message = delivery.message();
    if (!delivery.foreign()) {
      failures.fail(stage, message, delivery.invocation(), code, why);
      return AT_ONCE;
    }
    var standIn = sender.sendLater(stage, message, UNTIL_IT_HAS_FAILED);
    failures.fail(stage, message, delivery.invocation().on(standIn), code, why);
    return null;
  }
}
