package dev.sluice.simulator.openai;

import dev.sluice.simulator.http.Reply;
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

  private OpenAiError(
      int status, String type, @Nullable String param, @Nullable String code, String message) {
    super(message);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
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

  static OpenAiError rateLimited(String what, int limit) {
    return new OpenAiError(
        429,
        what,
        null,
        "rate_limit_exceeded",
        "Rate limit reached on %s per min: limit %d.".formatted(what, limit));
  }

  Reply reply() {
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    error.put("message", getMessage());
    error.put("type", type);
    error.put("param", param);
    error.put("code", code);
    return Reply.json(status, Map.of("error", error));
  }
}
