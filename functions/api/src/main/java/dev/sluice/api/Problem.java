package dev.sluice.api;

import io.micronaut.http.HttpStatus;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;

/**
 * RFC 9457.
 *
 * @param code for programs, snake case
 */
@Serdeable(naming = SnakeCaseStrategy.class)
record Problem(
    String type, String title, int status, String detail, String code, String correlationId) {
  static final String MEDIA_TYPE = "application/problem+json";

  static Problem of(HttpStatus status, String code, String detail, String correlationId) {
    return new Problem(
        "urn:sluice:problem:" + code,
        status.getReason(),
        status.getCode(),
        detail,
        code,
        correlationId);
  }
}
