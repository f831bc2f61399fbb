package dev.sluice.embed;

import dev.sluice.document.EmbeddingModel;
import dev.sluice.document.JobRef;
import dev.sluice.embedding.EmbeddingPurchase.Bought;
import dev.sluice.message.EmbedMessage;
import dev.sluice.message.Invocation;
import dev.sluice.postgres.ProviderCalls;
import dev.sluice.postgres.ProviderCalls.PaidCall;
import dev.sluice.postgres.ProviderCalls.Settlement;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** What the embed function asks the database for one batch, in this order. */
public final class EmbedSteps {
  /** In nano-dollars, of each call. */
  private static final long COST = 1;

  private final BatchStore batches;
  private final VectorStore vectors;
  private final ProviderCalls calls;

  /**
   * @param function embed's beans
   */
  public EmbedSteps(ApplicationContext function) {
    batches = function.getBean(BatchStore.class);
    vectors = function.getBean(VectorStore.class);
    calls = function.getBean(ProviderCalls.class);
  }

  public void claim(JobRef job, UUID batchId) {
    claim(message(job, batchId), UUID.randomUUID());
  }

  private static EmbedMessage message(JobRef job, UUID batchId) {
    return new EmbedMessage(job, batchId, 0, 0, "bench");
  }

  private void claim(EmbedMessage message, UUID lease) {
    BatchClaim claim =
        batches.claim(message, new Invocation(lease, "bench", 1, () -> Duration.ofMinutes(5)));
    if (!(claim instanceof BatchClaim.Granted)) {
      throw new IllegalStateException("not granted: " + claim);
    }
  }

  /**
   * Claims a batch, reads its texts and writes down their purchase.
   *
   * @param bought a vector for each text, by the chunks' ordinals
   * @return stores them, closes the batch and settles the call
   */
  public Runnable storing(JobRef job, UUID batchId, List<float[]> bought) {
    EmbedMessage message = message(job, batchId);
    UUID lease = UUID.randomUUID();
    claim(message, lease);
    List<BatchChunk> chunks = vectors.chunks(message);
    if (chunks.size() != bought.size()) {
      throw new IllegalStateException(chunks.size() + " chunks for " + bought.size());
    }
    Bought purchase = purchase(job, batchId, bought);
    return () -> vectors.store(message, lease, chunks, purchase);
  }

  private Bought purchase(JobRef job, UUID batchId, List<float[]> bought) {
    UUID call = UUID.randomUUID();
    calls.start(
        new PaidCall(
            call,
            job.userId(),
            job.jobId(),
            batchId,
            "openai",
            "embed",
            EmbeddingModel.DEFAULT.name(),
            bought.size(),
            COST));
    return new Bought(call, bought, Settlement.paid("ok", bought.size(), COST, null));
  }

  /** Finds that no batch is open, and moves the job to {@code embeddings_stored}. */
  public void finish(JobRef job) {
    if (!batches.finish(job, 0)) {
      throw new IllegalStateException("a batch is still open");
    }
  }
}
