package dev.sluice.simulator.openai;

import dev.sluice.simulator.fault.Parameters;
import dev.sluice.simulator.http.Reply;
import org.jspecify.annotations.Nullable;

/** An error that a fault plan asks for: what it leaves open is as the provider has it. */
final class ToldError {
  private static final int SERVER_ERROR = 500;

  private ToldError() {}

  static Reply of(Parameters how) {
    int status = how.status() == null ? usualStatus(how.code()) : how.status();
    String code = how.code() == null ? usualCode(status) : how.code();
    return OpenAiError.told(status, type(status, code), code, how.retryAfter()).reply();
  }

  private static int usualStatus(@Nullable String code) {
    return switch (code) {
      case "rate_limit_exceeded",
          "insufficient_quota",
          "credit_balance_exhausted",
          "billing_hard_limit_reached" ->
          429;
      case "slow_down" -> 503;
      case "invalid_api_key" -> 401;
      case "max_tokens_per_request", "context_length_exceeded" -> 400;
      case "model_not_found" -> 404;
      case null, default -> SERVER_ERROR;
    };
  }

  private static @Nullable String usualCode(int status) {
    return switch (status) {
      case 401 -> "invalid_api_key";
      case 404 -> "model_not_found";
      case 429 -> "rate_limit_exceeded";
      default -> null;
    };
  }

  private static String type(int status, @Nullable String code) {
    if (status >= SERVER_ERROR) {
      return "server_error";
    }
    return switch (code) {
      case "rate_limit_exceeded" -> "requests";
      case "insufficient_quota", "max_tokens_per_request" -> code;
      case null, default -> "invalid_request_error";
    };
  }
}
