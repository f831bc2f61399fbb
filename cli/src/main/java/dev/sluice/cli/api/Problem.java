package dev.sluice.cli.api;

import org.jspecify.annotations.Nullable;

/** RFC 9457 problem+json, with Sluice's own code and correlation id. */
record Problem(
    @Nullable String title,
    @Nullable String detail,
    @Nullable String message,
    @Nullable String code,
    @Nullable String correlationId) {

  String sentence(int status) {
    if (detail != null) {
      return detail;
    }
    if (title != null) {
      return title;
    }
    return message != null ? message : "HTTP status " + status;
  }
}
