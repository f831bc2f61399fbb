package dev.sluice.embedding;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of asking for vectors. */
public sealed interface EmbeddingAnswer {
  /**
   * A vector a text, in the texts' order; each has the model's dimensions, is finite and not zero.
   *
   * @param tokens what the answer says is paid for, 0 if it does not
   * @param requestId the provider's name for the call
   */
  record Vectors(List<float[]> vectors, long tokens, @Nullable String requestId)
      implements EmbeddingAnswer {}

  /** No vectors; whether asking again can help is told by the type. */
  sealed interface Failure extends EmbeddingAnswer {
    /** For programs, snake case. */
    String code();

    /** For people. */
    String message();
  }

  /**
   * Too many requests or tokens a minute. Nothing was paid.
   *
   * @param retryAfter as the provider says, else one second
   */
  record Throttled(String code, String message, Duration retryAfter) implements Failure {}

  /** The provider is down or was not reached. Nothing was paid. */
  record Unavailable(String code, String message) implements Failure {}

  /**
   * The request was sent and no answer came, not from the provider itself: it may have been paid.
   */
  record Unanswered(String code, String message) implements Failure {}

  /**
   * The answer has not the promised shape; it was paid.
   *
   * @param tokens what the answer says was used, 0 if it does not
   */
  record Malformed(String code, String message, long tokens) implements Failure {}

  /** Nobody's call is taken until a person acts: key, quota, account. Nothing was paid. */
  record Blocked(String code, String message) implements Failure {}

  /**
   * The provider does not take these texts. Nothing was paid.
   *
   * @param tooLarge whether it is their number and not one of them
   */
  record BadInput(String code, String message, boolean tooLarge) implements Failure {}

  /**
   * The call was not made: the limits that all functions share are used up, too little time is left
   * for it, or the provider is away and not asked.
   *
   * @param code {@code rate_limit}, {@code no_time_left}, or why the provider is not asked
   */
  record NotNow(String code, String message, Duration retryAfter) implements Failure {
    static final String RATE_LIMIT = "rate_limit";
    static final String NO_TIME_LEFT = "no_time_left";

    /** Whether the provider is there: only its limits, or our time, are used up. */
    public boolean isOnlyForNow() {
      return code.equals(RATE_LIMIT) || code.equals(NO_TIME_LEFT);
    }
  }

  /**
   * The call was not made: it would exceed a budget, or paid calls are paused.
   *
   * @param code {@code budget_document}, {@code budget_tenant}, {@code budget_day} or {@code
   *     paused}
   */
  record OverBudget(String code, String message) implements Failure {}
}
