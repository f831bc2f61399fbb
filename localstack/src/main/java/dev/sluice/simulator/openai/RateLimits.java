package dev.sluice.simulator.openai;

import dev.sluice.simulator.http.Reply;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Requests and tokens a minute, for each model on its own. They are told in every answer; a request
 * that they refuse takes nothing.
 */
final class RateLimits {
  private final Clock clock;
  private final Map<Model, Account> accounts = new LinkedHashMap<>();

  /** What one model still allows. */
  private record Account(MinuteLimits limits, TokenBucket requests, TokenBucket tokens) {
    static Account full(MinuteLimits limits, Clock clock) {
      return new Account(
          limits,
          new TokenBucket(limits.requests(), clock),
          new TokenBucket(limits.tokens(), clock));
    }
  }

  RateLimits(MinuteLimits limits, Clock clock) {
    this.clock = clock;
    Model.all().forEach(model -> set(model, limits));
  }

  synchronized Map<String, MinuteLimits> byModel() {
    Map<String, MinuteLimits> limits = new LinkedHashMap<>();
    accounts.forEach((model, account) -> limits.put(model.id(), account.limits()));
    return limits;
  }

  /** Begins anew with these limits, of which nothing is used yet. */
  synchronized void set(Model model, MinuteLimits limits) {
    accounts.put(model, Account.full(limits, clock));
  }

  /** Takes one request and its tokens, or neither. */
  synchronized void take(Model model, int tokens) throws OpenAiError {
    Account account = account(model);
    require(account.requests(), "requests", 1, model);
    require(account.tokens(), "tokens", tokens, model);
    account.requests().take(1);
    account.tokens().take(tokens);
  }

  private static void require(TokenBucket bucket, String what, int amount, Model model)
      throws OpenAiError {
    if (amount > bucket.limit()) {
      throw OpenAiError.neverWithinLimit(model, what, bucket.limit(), amount, bucket.untilFull());
    }
    if (!bucket.has(amount)) {
      throw OpenAiError.rateLimited(
          model, what, bucket.limit(), bucket.remaining(), amount, bucket.until(amount));
    }
  }

  synchronized Reply describeOn(Reply reply, Model model) {
    Account account = account(model);
    return describe(describe(reply, "requests", account.requests()), "tokens", account.tokens());
  }

  private Account account(Model model) {
    return Objects.requireNonNull(accounts.get(model));
  }

  private static Reply describe(Reply reply, String what, TokenBucket bucket) {
    return reply
        .with("x-ratelimit-limit-" + what, Integer.toString(bucket.limit()))
        .with("x-ratelimit-remaining-" + what, Integer.toString(bucket.remaining()))
        .with("x-ratelimit-reset-" + what, written(bucket.untilFull()));
  }

  /** A duration as the provider writes it: {@code 17ms}, {@code 1.5s}, {@code 6m0s}. */
  static String written(Duration wait) {
    if (wait.toSeconds() == 0) {
      return wait.toMillis() + "ms";
    }
    String seconds =
        wait.toMillisPart() == 0
            ? wait.toSecondsPart() + "s"
            : wait.toSecondsPart() + "." + "%03d".formatted(wait.toMillisPart()) + "s";
    return wait.toMinutes() == 0 ? seconds : wait.toMinutes() + "m" + seconds;
  }
}
