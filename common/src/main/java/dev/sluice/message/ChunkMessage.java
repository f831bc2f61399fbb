package dev.sluice.message;

import dev.sluice.document.JobRef;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;

/** On the chunk queue: A job whose canonical text is stored. */
@Serdeable(naming = SnakeCaseStrategy.class)
public record ChunkMessage(int version, JobRef job, int retryCount, String correlationId)
    implements StageMessage {
  public ChunkMessage(JobRef job, int retryCount, String correlationId) {
    this(1, job, retryCount, correlationId);
  }

  @Override
  public ChunkMessage withRetryCount(int newRetryCount) {
    return new ChunkMessage(job, newRetryCount, correlationId);
  }
}
