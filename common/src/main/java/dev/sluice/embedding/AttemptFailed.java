package dev.sluice.embedding;

import dev.sluice.embedding.EmbeddingAnswer.BadInput;
import dev.sluice.embedding.EmbeddingAnswer.Blocked;
import dev.sluice.embedding.EmbeddingAnswer.Malformed;
import dev.sluice.embedding.EmbeddingAnswer.NotNow;
import dev.sluice.embedding.EmbeddingAnswer.OverBudget;
import dev.sluice.embedding.EmbeddingAnswer.Throttled;
import dev.sluice.embedding.EmbeddingAnswer.Unanswered;
import dev.sluice.embedding.EmbeddingAnswer.Unavailable;
import io.micronaut.retry.annotation.RetryPredicate;
import java.time.Duration;

/** Carries a failed attempt to the retry, which works on exceptions. */
final class AttemptFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Of {@link PaidAttempt}'s retry, the longest. */
  private static final Duration DELAY = Duration.ofSeconds(1);

  private static final Duration SHORT_WAIT = Duration.ofMillis(500);

  private final transient EmbeddingAnswer.Failure failure;
  private final transient Duration slack;

  /**
   * @param slack for how long the next attempt could be put off
   */
  AttemptFailed(EmbeddingAnswer.Failure failure, Duration slack) {
    super(failure.message(), null, false, false);
    this.failure = failure;
    this.slack = slack;
  }

  EmbeddingAnswer.Failure failure() {
    return failure;
  }

  /** Only what was certainly not paid, and only if the wait is short and time is left. */
  private boolean mayTryAgainAtOnce() {
    boolean freeAndSoon =
        switch (failure) {
          case Unavailable unavailable -> true;
          case Throttled throttled -> throttled.retryAfter().compareTo(SHORT_WAIT) <= 0;
          case Unanswered _, Malformed _, Blocked _, BadInput _, NotNow _, OverBudget _ -> false;
        };
    return freeAndSoon && slack.compareTo(DELAY) >= 0;
  }

  /** Asked by micronaut-retry before each further attempt. */
  static final class OnceMore implements RetryPredicate {
    @Override
    public boolean test(Throwable thrown) {
      return thrown instanceof AttemptFailed failed && failed.mayTryAgainAtOnce();
    }
  }
}
