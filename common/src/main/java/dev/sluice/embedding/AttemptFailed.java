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

  /** What one more attempt and the storing of its result may take. */
  private static final Duration ONE_MORE = Duration.ofSeconds(8);

  private static final Duration SHORT_WAIT = Duration.ofMillis(500);

  private final transient EmbeddingAnswer.Failure failure;
  private final transient Duration remaining;

  AttemptFailed(EmbeddingAnswer.Failure failure, Duration remaining) {
    super(failure.message(), null, false, false);
    this.failure = failure;
    this.remaining = remaining;
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
    return freeAndSoon && remaining.compareTo(ONE_MORE) > 0;
  }

  /** Asked by micronaut-retry before each further attempt. */
  static final class OnceMore implements RetryPredicate {
    @Override
    public boolean test(Throwable thrown) {
      return thrown instanceof AttemptFailed failed && failed.mayTryAgainAtOnce();
    }
  }
}
