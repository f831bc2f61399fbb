package dev.sluice.simulator.openai;

import dev.sluice.simulator.http.Reply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A refusal in the provider's shape: {@code {"error":{"message","type","param","code"}}}. */
final class OpenAiError extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final @Nullable String param;
  private final @Nullable String code;
  private final @Nullable Duration retryAfter;

  private OpenAiError(
      int status, String type, @Nullable String param, @Nullable String code, String message) {
    this(status, type, param, code, message, null);
  }

  private OpenAiError(
      int status,
      String type,
      @Nullable String param,
      @Nullable String code,
      String message,
      @Nullable Duration retryAfter) {
    super(message);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  static OpenAiError invalid(String param, String message) {
    return new OpenAiError(400, "invalid_request_error", param, null, message);
  }

  static OpenAiError invalidBody(String message) {
    return new OpenAiError(400, "invalid_request_error", null, null, message);
  }

  static OpenAiError tooManyTokensInRequest(int tokens, int limit) {
    return new OpenAiError(
        400,
        "max_tokens_per_request",
        null,
        "max_tokens_per_request",
        "Requested %d tokens, max %d tokens per request".formatted(tokens, limit));
  }

  static OpenAiError noKey() {
    return new OpenAiError(
        401,
        "invalid_request_error",
        null,
        null,
        "You didn't provide an API key: send it as 'Authorization: Bearer YOUR_KEY'.");
  }

  static OpenAiError wrongKey() {
    return new OpenAiError(
        401, "invalid_request_error", null, "invalid_api_key", "Incorrect API key provided.");
  }

  static OpenAiError unknownModel(String model) {
    return new OpenAiError(
        404,
        "invalid_request_error",
        null,
        "model_not_found",
        "The model `%s` does not exist or you do not have access to it.".formatted(model));
  }

  static OpenAiError unknownPath(String target) {
    return new OpenAiError(
        404,
        "invalid_request_error",
        null,
        "unknown_url",
        "Unknown request URL: %s.".formatted(target));
  }

  /**
   * More was asked for than is left in this minute.
   *
   * @param what {@code requests} or {@code tokens}
   * @param wait until as much as was asked for is there
   */
  static OpenAiError rateLimited(
      Model model, String what, int limit, int remaining, int requested, Duration wait) {
    return limited(
        what,
        "Rate limit reached for %s on %s per min: Limit %d, Used %d, Requested %d. Please try again in %s."
            .formatted(
                model.id(), what, limit, limit - remaining, requested, RateLimits.written(wait)),
        wait);
  }

  /** More was asked for at once than a whole minute has: waiting does not help. */
  static OpenAiError neverWithinLimit(
      Model model, String what, int limit, int requested, Duration wait) {
    return limited(
        what,
        "Request too large for %s on %s per min: Limit %d, Requested %d. The input must be reduced in order to run successfully."
            .formatted(model.id(), what, limit, requested),
        wait);
  }

  private static OpenAiError limited(String what, String message, Duration wait) {
    return new OpenAiError(429, what, null, "rate_limit_exceeded", message, wait);
  }

  /** Not this simulator's own verdict: a fault plan asks for it. */
  static OpenAiError told(
      int status, String type, @Nullable String code, @Nullable Duration retryAfter) {
    return new OpenAiError(
        status, type, null, code, "The simulator was told to answer " + status + ".", retryAfter);
  }

  Reply reply() {
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    error.put("message", getMessage());
    error.put("type", type);
    error.put("param", param);
    error.put("code", code);
    Reply reply = Reply.json(status, Map.of("error", error));
    return retryAfter == null ? reply : withRetryAfter(reply, retryAfter);
  }

  /** The exact wait in milliseconds, and whole seconds that are never too short. */
  private static Reply withRetryAfter(Reply reply, Duration wait) {
    long seconds = wait.plusNanos(999_999_999).toSeconds();
    return reply
        .with("retry-after-ms", Long.toString(wait.toMillis()))
        .with("retry-after", Long.toString(seconds));
  }
}
