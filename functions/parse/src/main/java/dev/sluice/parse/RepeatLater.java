package dev.sluice.parse;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.client.exceptions.HttpClientException;
import io.micronaut.http.client.exceptions.HttpClientResponseException;
import io.micronaut.retry.annotation.RetryPredicate;

/** Whether a question that failed is worth asking again: 429, 5xx, or no answer at all. */
@Introspected
final class RepeatLater implements RetryPredicate {
  @Override
  public boolean test(Throwable failure) {
    return switch (failure) {
      case HttpClientResponseException answer -> answer.code() == 429 || answer.code() >= 500;
      case HttpClientException noAnswer -> true;
      default -> false;
    };
  }
}
