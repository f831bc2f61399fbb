package dev.sluice.message;

import dev.sluice.document.JobRef;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.UUID;

/** On the embed queue: one planned batch of texts. */
@Serdeable(naming = SnakeCaseStrategy.class)
public record EmbedMessage(
    int version, JobRef job, UUID batchId, int batchNo, int retryCount, String correlationId)
    implements StageMessage {
  public EmbedMessage(JobRef job, UUID batchId, int batchNo, int retryCount, String correlationId) {
    this(1, job, batchId, batchNo, retryCount, correlationId);
  }

  @Override
  public EmbedMessage withRetryCount(int newRetryCount) {
    return new EmbedMessage(job, batchId, batchNo, newRetryCount, correlationId);
  }
}
