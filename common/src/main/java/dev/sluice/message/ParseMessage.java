package dev.sluice.message;

import dev.sluice.document.JobRef;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;

/** On the parse queue, beside the bucket's own events. */
@Serdeable(naming = SnakeCaseStrategy.class)
public record ParseMessage(int version, Kind kind, JobRef job, int retryCount, String correlationId)
    implements StageMessage {
  /** What the parse stage is to do. */
  public enum Kind {
    /** The bytes are there: reuse what is known of them, or submit them to the parser. */
    SUBMIT,
    /** The parser may be done: ask it, and store its result. */
    COLLECT
  }

  public ParseMessage(Kind kind, JobRef job, int retryCount, String correlationId) {
    this(1, kind, job, retryCount, correlationId);
  }
}
