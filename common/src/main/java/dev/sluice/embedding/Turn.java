package dev.sluice.embedding;

import dev.sluice.document.EmbeddingModel;
import dev.sluice.embedding.EmbeddingAnswer.BadInput;
import dev.sluice.embedding.EmbeddingAnswer.Blocked;
import dev.sluice.embedding.EmbeddingAnswer.Failure;
import dev.sluice.embedding.EmbeddingAnswer.Malformed;
import dev.sluice.embedding.EmbeddingAnswer.NotNow;
import dev.sluice.embedding.EmbeddingAnswer.OverBudget;
import dev.sluice.embedding.EmbeddingAnswer.Throttled;
import dev.sluice.embedding.EmbeddingAnswer.Unanswered;
import dev.sluice.embedding.EmbeddingAnswer.Unavailable;
import dev.sluice.postgres.RateLimits;
import dev.sluice.postgres.RateLimits.Bucket;
import dev.sluice.postgres.RateLimits.News;
import dev.sluice.postgres.RateLimits.PerMinute;
import dev.sluice.postgres.RateLimits.Permit;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call's turn under the limits that all functions share. Waiting in place costs the function's
 * time but no delivery of the message, and holds no connection.
 */
@Singleton
@Requires(property = "sluice.openai-secret")
final class Turn {
  private static final Logger LOG = LoggerFactory.getLogger(Turn.class);
  private static final Bucket BUCKET = new Bucket("openai", EmbeddingModel.DEFAULT.name());

  private static final NotNow TOO_LATE =
      new NotNow(NotNow.NO_TIME_LEFT, "Too little of the function's time is left.", Duration.ZERO);

  /** Others may have gone first, or may have left: so often it is asked again. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  private final RateLimits limits;
  private final CallTime time;
  private final PerMinute assumed;

  /**
   * @param requestsAMinute until the provider says its own
   * @param tokensAMinute until the provider says its own
   */
  Turn(
      RateLimits limits,
      CallTime time,
      @Property(name = "sluice.openai.requests-a-minute") double requestsAMinute,
      @Property(name = "sluice.openai.tokens-a-minute") double tokensAMinute) {
    this.limits = limits;
    this.time = time;
    this.assumed = new PerMinute(requestsAMinute, tokensAMinute);
  }

  /**
   * Returns when the call may be made.
   *
   * @throws AttemptFailed with {@link NotNow} if that is not soon enough
   */
  void await(EmbeddingOrder order) {
    long deadline = System.nanoTime() + patience(order).toNanos();
    while (limits.take(BUCKET, order.userId(), order.tokens(), assumed)
        instanceof Permit.Wait wait) {
      var left = Duration.ofNanos(deadline - System.nanoTime());
      if (wait.isBreakerOpen() || wait.time().compareTo(left) > 0) {
        throw new AttemptFailed(notNow(wait), time.slack(order));
      }
      pause(wait.time().compareTo(LOOK_AGAIN) < 0 ? wait.time() : LOOK_AGAIN);
    }
  }

  private Duration patience(EmbeddingOrder order) {
    var slack = time.slack(order);
    if (slack.isNegative()) {
      throw new AttemptFailed(TOO_LATE, slack);
    }
    return slack.compareTo(order.longestWait()) < 0 ? slack : order.longestWait();
  }

  private static NotNow notNow(Permit.Wait wait) {
    return new NotNow(
        wait.reason(),
        wait.isBreakerOpen()
            ? "The embedding provider is not asked for the time being."
            : "The embedding provider's limits are used up for the time being.",
        wait.time());
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the provider's limits", e);
    }
  }

  /**
   * Leaves the turn to others: no call follows. What is not given back comes in again by itself.
   */
  void giveBack(EmbeddingOrder order) {
    try {
      limits.giveBack(BUCKET, order.userId(), order.tokens());
    } catch (RuntimeException e) {
      LOG.warn("A turn without a call was not given back; the others wait a little longer", e);
    }
  }

  /**
   * Tells all functions. What this brings is advice: it must not cost the result of a paid call.
   */
  void report(EmbeddingOrder order, EmbeddingExchange exchange) {
    try {
      limits.report(
          BUCKET,
          exchange.answer() instanceof Failure failure ? news(failure) : new News.Answered(),
          exchange.rates().limits(),
          exchange.rates().left());
      if (exchange.answer() instanceof BadInput bad && bad.tooLarge()) {
        limits.reportTooLarge(BUCKET, order.tokens());
      }
    } catch (RuntimeException e) {
      LOG.warn("The provider's limits were not noted; the next call notes them", e);
    }
  }

  private static News news(Failure failure) {
    return switch (failure) {
      case Throttled throttled -> new News.Throttled(throttled.retryAfter());
      case Unavailable _ -> new News.Away();
      case Unanswered _ -> new News.Silent();
      case Blocked blocked -> new News.Blocked(blocked.code());
      case Malformed _, BadInput _, OverBudget _, NotNow _ -> new News.Answered();
    };
  }
}
