package dev.sluice.webhook;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import org.jspecify.annotations.Nullable;

/**
 * The body of LlamaParse's callback: ids only. Every part is optional, since a stranger may write
 * anything.
 *
 * @param timestamp seconds since the epoch, with fractions
 */
@Serdeable(naming = SnakeCaseStrategy.class)
record LlamaParseEvent(
    @Nullable String eventId,
    @Nullable String eventType,
    @Nullable Double timestamp,
    @Nullable Data data) {

  /** Names the parser's job, under both names. */
  @Serdeable(naming = SnakeCaseStrategy.class)
  record Data(@Nullable String id, @Nullable String jobId) {
    @Nullable String anyId() {
      return jobId != null ? jobId : id;
    }
  }
}
