package dev.sluice.webhook;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;

/** An answer of RFC 9457. It never says which check failed. */
@Serdeable(naming = SnakeCaseStrategy.class)
record Problem(String type, String title, int status, String detail, String code) {
  static final Problem REFUSED =
      new Problem(
          "about:blank", "Unauthorized", 401, "The callback was not accepted.", "callback_refused");

  static final Problem UNAVAILABLE =
      new Problem(
          "about:blank",
          "Service Unavailable",
          503,
          "The callback could not be taken now; send it again.",
          "unavailable");
}
