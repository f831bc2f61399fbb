package dev.sluice.message;

import dev.sluice.document.JobRef;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import org.jspecify.annotations.Nullable;

/**
 * On the parse queue, beside the bucket's own events.
 *
 * @param parseJobId the parser's own id of the job, where a callback named it; a callback may
 *     overtake the answer that would have told it
 * @param parserFailed true where a callback said so and the parser has no job that could be asked
 */
@Serdeable(naming = SnakeCaseStrategy.class)
public record ParseMessage(
    int version,
    Kind kind,
    JobRef job,
    int retryCount,
    String correlationId,
    @Nullable String parseJobId,
    @Nullable Boolean parserFailed)
    implements StageMessage {
  /** What the parse stage is to do. */
  public enum Kind {
    /** The bytes are there: reuse what is known of them, or submit them to the parser. */
    SUBMIT,
    /** The parser may be done: ask it, and store its result. */
    COLLECT
  }

  public ParseMessage(Kind kind, JobRef job, int retryCount, String correlationId) {
    this(1, kind, job, retryCount, correlationId, null, null);
  }

  /** The parser says that its job is done. */
  public static ParseMessage collect(
      JobRef job, int retryCount, String correlationId, @Nullable String parseJobId) {
    return new ParseMessage(1, Kind.COLLECT, job, retryCount, correlationId, parseJobId, null);
  }

  /** The parser says that it cannot read the document, and has nothing to fetch. */
  public static ParseMessage failed(JobRef job, int retryCount, String correlationId) {
    return new ParseMessage(1, Kind.COLLECT, job, retryCount, correlationId, null, true);
  }

  @Override
  public ParseMessage withRetryCount(int newRetryCount) {
    return new ParseMessage(
        version, kind, job, newRetryCount, correlationId, parseJobId, parserFailed);
  }
}
