package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.http.Reply;
import java.util.List;
import java.util.Map;

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

  private static Problem detail(int status, String message) {
    return new Problem(message, Reply.json(status, Map.of("detail", message)));
  }

  Reply reply() {
    return reply;
  }
}
