package dev.sluice.message;

import dev.sluice.document.JobRef;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;

/** On the validate queue: A job whose parsed text is stored. */
@Serdeable(naming = SnakeCaseStrategy.class)
public record ValidateMessage(int version, JobRef job, int retryCount, String correlationId)
    implements StageMessage {
  public ValidateMessage(JobRef job, int retryCount, String correlationId) {
    this(1, job, retryCount, correlationId);
  }

  @Override
  public ValidateMessage withRetryCount(int newRetryCount) {
    return new ValidateMessage(job, newRetryCount, correlationId);
  }
}
