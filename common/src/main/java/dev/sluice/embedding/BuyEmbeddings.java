package dev.sluice.embedding;

import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;

/** Buys vectors: a short outage or a short wait is sat out, within the buyer's time. */
@Singleton
@Requires(property = "sluice.openai-secret")
public final class BuyEmbeddings {
  private final PaidAttempt attempt;

  BuyEmbeddings(PaidAttempt attempt) {
    this.attempt = attempt;
  }

  /** Must not run inside a transaction: each attempt commits its row of the ledger first. */
  public EmbeddingPurchase buy(EmbeddingOrder order) {
    try {
      return attempt.buy(order);
    } catch (AttemptFailed e) {
      return new EmbeddingPurchase.NotBought(e.failure());
    }
  }
}
