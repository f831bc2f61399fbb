package dev.sluice.embedding;

import dev.sluice.embedding.EmbeddingAnswer.BadInput;
import dev.sluice.embedding.EmbeddingAnswer.Blocked;
import dev.sluice.embedding.EmbeddingAnswer.Failure;
import dev.sluice.embedding.EmbeddingAnswer.Throttled;
import dev.sluice.embedding.EmbeddingAnswer.Unanswered;
import dev.sluice.embedding.EmbeddingAnswer.Unavailable;
import io.micronaut.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a status other than success: what it means, and when to come back. */
final class Refusals {
  private static final Duration WHEN_NOT_TOLD = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  /** The 429s that time heals; the others need money or a higher limit. */
  private static final Set<String> TOO_FAST = Set.of("rate_limit_exceeded", "slow_down");

  /** Any other refusal is of our address, account or client, and no text's fault. */
  private static final Set<Integer> AGAINST_THE_TEXTS = Set.of(400, 413, 422);

  private static final String TOO_LARGE = "max_tokens_per_request";

  private final Clock clock;

  Refusals(Clock clock) {
    this.clock = clock;
  }

  Failure of(int status, @Nullable String code, HttpHeaders headers) {
    if (status == 429) {
      return code == null || TOO_FAST.contains(code)
          ? new Throttled(
              "rate_limit", "The embedding provider asks us to slow down.", retryAfter(headers))
          : new Blocked(
              "provider_" + code, "The embedding provider's account has reached a limit: " + code);
    }
    if (status == 401 || status == 403) {
      return new Blocked("provider_key", "The embedding provider does not accept our key.");
    }
    if (status == 408 || status == 504 || status / 10 == 52) {
      // A gateway's patience ended, not the provider's work.
      return new Unanswered(
          "provider_silent", "The embedding provider did not answer: status " + status + ".");
    }
    if (status == 409 || status >= 500) {
      return new Unavailable(
          "provider_unavailable", "The embedding provider answered " + status + ".");
    }
    if (status == 404) {
      return new Blocked("provider_model", "The embedding provider has no such model for us.");
    }
    if (!AGAINST_THE_TEXTS.contains(status)) {
      return new Blocked(
          "provider_status_" + status,
          "The embedding provider refuses our requests with status " + status + ".");
    }
    return new BadInput(
        "provider_refused",
        "The embedding provider refused the request with status %d%s."
            .formatted(status, code == null ? "" : " and code " + code),
        status == 413 || TOO_LARGE.equals(code));
  }

  /** {@code retry-after-ms} before {@code retry-after}, in seconds or as a date. */
  private Duration retryAfter(HttpHeaders headers) {
    var milliseconds = number(headers.get("retry-after-ms"));
    if (milliseconds != null) {
      return bounded(Duration.ofNanos((long) (milliseconds * 1_000_000)));
    }
    var header = headers.get(HttpHeaders.RETRY_AFTER);
    var seconds = number(header);
    if (seconds != null) {
      return bounded(Duration.ofNanos((long) (seconds * 1_000_000_000)));
    }
    return header == null ? WHEN_NOT_TOLD : untilDate(header);
  }

  private Duration untilDate(String date) {
    try {
      var until = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return bounded(Duration.between(clock.instant(), until));
    } catch (DateTimeException e) {
      return WHEN_NOT_TOLD;
    }
  }

  private static Duration bounded(Duration delay) {
    if (delay.isNegative()) {
      return Duration.ZERO;
    }
    return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
  }

  private static @Nullable Double number(@Nullable String text) {
    try {
      return text == null ? null : Double.valueOf(text.strip());
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
