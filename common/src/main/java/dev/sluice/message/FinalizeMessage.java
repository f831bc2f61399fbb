package dev.sluice.message;

import dev.sluice.document.JobRef;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;

/** On the finalize queue: A job whose every chunk has its vector. */
@Serdeable(naming = SnakeCaseStrategy.class)
public record FinalizeMessage(int version, JobRef job, int retryCount, String correlationId)
    implements StageMessage {
  public FinalizeMessage(JobRef job, int retryCount, String correlationId) {
    this(1, job, retryCount, correlationId);
  }

  @Override
  public FinalizeMessage withRetryCount(int newRetryCount) {
    return new FinalizeMessage(job, newRetryCount, correlationId);
  }
}
