package dev.sluice.embedding;

import dev.sluice.postgres.ProviderCalls.Settlement;
import java.util.List;
import java.util.UUID;

/** What an {@link EmbeddingOrder} brought. */
public sealed interface EmbeddingPurchase {
  /**
   * Vectors, paid and not yet settled: the buyer settles the call in the transaction that stores
   * them, or alone if it cannot store them.
   */
  record Bought(UUID callId, List<float[]> vectors, Settlement settlement)
      implements EmbeddingPurchase {}

  /** Nothing; every attempt is settled already. */
  record NotBought(EmbeddingAnswer.Failure failure) implements EmbeddingPurchase {}
}
