package dev.sluice.embedding;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of asking for vectors. */
public sealed interface EmbeddingAnswer {
  /**
   * A vector a text, in the texts' order; each has the model's dimensions, is finite and not zero.
   *
   * @param tokens what is paid for
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

  /** The request was sent and no answer came: it may have been paid. */
  record Unanswered(String code, String message) implements Failure {}

  /**
   * The answer has not the promised shape; it was paid.
   *
   * @param tokens what the answer says was used, 0 if it does not
   */
  record Malformed(String code, String message, long tokens) implements Failure {}

  /** Asking again the same way will not help: key, quota or request are wrong. Nothing was paid. */
  record Refused(String code, String message) implements Failure {}
}
