package dev.sluice.parse;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.client.exceptions.HttpClientException;
import io.micronaut.http.client.exceptions.HttpClientResponseException;
import io.micronaut.retry.annotation.RetryPredicate;
import java.time.Duration;

/**
 * Whether a question that failed is worth asking again: 429, 5xx, or no answer at all, and time is
 * left for it.
 */
@Introspected
final class RepeatLater implements RetryPredicate {
  /** Of {@link LlamaParseApi}'s retries. */
  private static final Duration DELAY = Duration.ofMillis(400);

  @Override
  public boolean test(Throwable failure) {
    return mayPass(failure) && ParserTime.isLeftFor(DELAY.plus(ParserTime.LONGEST_CALL));
  }

  private static boolean mayPass(Throwable failure) {
    return switch (failure) {
      case HttpClientResponseException answer -> answer.code() == 429 || answer.code() >= 500;
      case HttpClientException noAnswer -> true;
      default -> false;
    };
  }
}
