package dev.sluice.api;

import io.micronaut.http.HttpRequest;
import java.util.UUID;
import java.util.regex.Pattern;

/** A call's correlation id: the caller's own if it is fit for logs, else a new one. */
final class CorrelationIds {
  static final String HEADER = "X-Correlation-Id";
  static final String ATTRIBUTE = "sluice.correlation-id";

  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:-]{1,100}");

  private CorrelationIds() {}

  static String of(HttpRequest<?> request) {
    return request
        .getAttribute(ATTRIBUTE, String.class)
        .orElseGet(
            () -> {
              var given = request.getHeaders().get(HEADER);
              return given != null && SANE.matcher(given).matches()
                  ? given
                  : UUID.randomUUID().toString();
            });
  }
}
