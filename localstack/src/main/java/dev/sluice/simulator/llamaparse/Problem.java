package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A refusal in the provider's shapes. */
final class Problem extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Reply reply;

  private Problem(String message, Reply reply) {
    super(message);
    this.reply = reply;
  }

  /** One thing that is wrong with a request body. */
  record Violation(List<Object> loc, String msg, String type) {
    static Violation of(String msg, String type, Object... loc) {
      return new Violation(List.of(loc), msg, type);
    }
  }

  static Problem invalid(List<Violation> violations) {
    return new Problem(violations.toString(), Reply.json(422, Map.of("detail", violations)));
  }

  static Problem unprocessable(String message) {
    return detail(422, message);
  }

  static Problem unauthorized() {
    return detail(401, "Invalid authentication token");
  }

  static Problem outOfCredits() {
    return detail(402, "You have exceeded the maximum number of credits for your plan.");
  }

  static Problem notFound(String what) {
    return detail(404, what + " not found");
  }

  static Problem conflict(String message) {
    return detail(409, message);
  }

  static Problem tooLarge(String message) {
    return detail(413, message);
  }

  static Problem rateLimited() {
    Problem problem = detail(429, "Rate limit exceeded");
    return new Problem("Rate limit exceeded", problem.reply.with("Retry-After", "1"));
  }

  /**
   * Not this simulator's own verdict: a fault plan asks for it.
   *
   * @param status 500 if nothing is said
   */
  static Problem told(@Nullable Integer status, @Nullable Duration retryAfter) {
    int answered = status == null ? 500 : status;
    Problem problem =
        answered == 422
            ? invalid(List.of(Violation.of("The simulator was told to refuse it", "told", "body")))
            : detail(answered, message(answered));
    if (retryAfter == null) {
      return problem;
    }
    String seconds = Long.toString(retryAfter.plusNanos(999_999_999).toSeconds());
    return new Problem("told", problem.reply.with("Retry-After", seconds));
  }

  private static String message(int status) {
    return switch (status) {
      case 402 -> "You have exceeded the maximum number of credits for your plan.";
      case 404 -> "Job not found";
      default -> "The simulator was told to answer " + status;
    };
  }

  private static Problem detail(int status, String message) {
    return new Problem(message, Reply.json(status, Map.of("detail", message)));
  }

  Reply reply() {
    return reply;
  }
}
