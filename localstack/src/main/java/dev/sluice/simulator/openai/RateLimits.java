package dev.sluice.simulator.openai;

import dev.sluice.simulator.http.Reply;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Requests and tokens a minute, each a bucket that refills steadily, told in every answer. */
final class RateLimits {
  private final Bucket requests;
  private final Bucket tokens;

  RateLimits(int requestsPerMinute, int tokensPerMinute, Clock clock) {
    this.requests = new Bucket("requests", requestsPerMinute, clock);
    this.tokens = new Bucket("tokens", tokensPerMinute, clock);
  }

  /** Takes one request and its tokens, or neither. */
  synchronized void take(int tokenCount) throws OpenAiError {
    requests.require(1);
    tokens.require(tokenCount);
    requests.take(1);
    tokens.take(tokenCount);
  }

  synchronized Reply describeOn(Reply reply) {
    return tokens.describeOn(requests.describeOn(reply));
  }

  private static final class Bucket {
    private final String name;
    private final int limit;
    private final Clock clock;
    private double level;
    private Instant filledAt;

    Bucket(String name, int limit, Clock clock) {
      this.name = name;
      this.limit = limit;
      this.clock = clock;
      this.level = limit;
      this.filledAt = clock.instant();
    }

    void require(int amount) throws OpenAiError {
      refill();
      if (level < amount) {
        throw OpenAiError.rateLimited(name, limit);
      }
    }

    void take(int amount) {
      level -= amount;
    }

    Reply describeOn(Reply reply) {
      refill();
      return reply
          .with("x-ratelimit-limit-" + name, Integer.toString(limit))
          .with("x-ratelimit-remaining-" + name, Integer.toString((int) level))
          .with("x-ratelimit-reset-" + name, written(untilFull()));
    }

    private void refill() {
      Instant now = clock.instant();
      double minutes = Duration.between(filledAt, now).toNanos() / 60e9;
      level = Math.min(limit, level + minutes * limit);
      filledAt = now;
    }

    private Duration untilFull() {
      return Duration.ofMillis((long) Math.ceil((limit - level) / limit * 60_000));
    }

    /** A duration as the provider writes it: {@code 17ms}, {@code 1.5s}, {@code 6m0s}. */
    private static String written(Duration wait) {
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
}
