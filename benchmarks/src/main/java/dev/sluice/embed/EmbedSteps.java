package dev.sluice.embed;

import dev.sluice.document.JobRef;
import dev.sluice.message.EmbedMessage;
import dev.sluice.message.Invocation;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.util.UUID;

/** What the embed function asks the database beside storing vectors. */
public final class EmbedSteps {
  private final BatchStore batches;

  /**
   * @param function embed's beans
   */
  public EmbedSteps(ApplicationContext function) {
    batches = function.getBean(BatchStore.class);
  }

  public void claim(JobRef job, UUID batchId) {
    BatchClaim claim =
        batches.claim(
            new EmbedMessage(job, batchId, 0, 0, "bench"),
            new Invocation(UUID.randomUUID(), "bench", 1, () -> Duration.ofMinutes(5)));
    if (!(claim instanceof BatchClaim.Granted)) {
      throw new IllegalStateException("not granted: " + claim);
    }
  }

  /** Finds that no batch is open, and moves the job to {@code embeddings_stored}. */
  public void finish(JobRef job) {
    if (!batches.finish(job, 0)) {
      throw new IllegalStateException("a batch is still open");
    }
  }
}
