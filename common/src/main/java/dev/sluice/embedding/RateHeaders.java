package dev.sluice.embedding;

import dev.sluice.postgres.RateLimits.PerMinute;
import io.micronaut.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What an answer's {@code x-ratelimit-…} headers say.
 *
 * @param limits of each minute
 * @param left of this minute
 */
record RateHeaders(PerMinute limits, PerMinute left) {
  static final RateHeaders NONE = new RateHeaders(PerMinute.UNKNOWN, PerMinute.UNKNOWN);

  static RateHeaders of(HttpHeaders headers) {
    return new RateHeaders(of(headers, "limit", true), of(headers, "remaining", false));
  }

  private static PerMinute of(HttpHeaders headers, String kind, boolean positive) {
    return new PerMinute(
        number(headers.get("x-ratelimit-" + kind + "-requests"), positive),
        number(headers.get("x-ratelimit-" + kind + "-tokens"), positive));
  }

  /** No account has more, and the limiter can reckon with it. */
  private static final double MOST = 1e9;

  /** Null for what is no number, so that a strange header changes nothing. */
  private static @Nullable Double number(@Nullable String header, boolean positive) {
    try {
      if (header == null) {
        return null;
      }
      double number = Double.parseDouble(header.strip());
      return number <= MOST && (positive ? number > 0 : number >= 0) ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
