package dev.sluice.parse;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as the parser describes it; what it left out is null.
 *
 * @param metadata what we gave it at the submission
 * @param errorMessage for people
 * @param createdAt by the parser's clock
 * @param credits what it charged, as far as it has recorded that
 */
record ParserJob(
    String id,
    Status status,
    Map<String, String> metadata,
    @Nullable String errorCode,
    @Nullable String errorMessage,
    @Nullable Instant createdAt,
    @Nullable Long credits) {

  /** What the parser says of a job; a word that we do not know counts as still running. */
  enum Status {
    PENDING,
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED;

    boolean isFinal() {
      return this != PENDING && this != RUNNING;
    }

    static Status ofName(String name) {
      for (var status : values()) {
        if (status.name().equalsIgnoreCase(name)) {
          return status;
        }
      }
      return RUNNING;
    }
  }
}
