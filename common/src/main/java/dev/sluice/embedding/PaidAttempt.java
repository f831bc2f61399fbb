package dev.sluice.embedding;

import dev.sluice.document.EmbeddingModel;
import dev.sluice.embedding.EmbeddingAnswer.Failure;
import dev.sluice.embedding.EmbeddingAnswer.Malformed;
import dev.sluice.embedding.EmbeddingAnswer.Refused;
import dev.sluice.embedding.EmbeddingAnswer.Throttled;
import dev.sluice.embedding.EmbeddingAnswer.Unanswered;
import dev.sluice.embedding.EmbeddingAnswer.Unavailable;
import dev.sluice.embedding.EmbeddingAnswer.Vectors;
import dev.sluice.embedding.EmbeddingPurchase.Bought;
import dev.sluice.postgres.ProviderCalls;
import dev.sluice.postgres.ProviderCalls.PaidCall;
import dev.sluice.postgres.ProviderCalls.Settlement;
import io.micronaut.context.annotation.Requires;
import io.micronaut.retry.annotation.Retryable;
import jakarta.inject.Singleton;
import java.util.UUID;

/** One attempt, with its own row in the ledger. Not final: the retry is woven around it. */
@Singleton
@Requires(property = "sluice.openai-secret")
class PaidAttempt {
  private final OpenAiEmbeddings provider;
  private final ProviderCalls calls;
  private final EmbeddingPrice price;

  PaidAttempt(OpenAiEmbeddings provider, ProviderCalls calls, EmbeddingPrice price) {
    this.provider = provider;
    this.calls = calls;
    this.price = price;
  }

  /**
   * Writes the call down, makes it, and settles it unless it succeeded.
   *
   * @throws AttemptFailed after at most two more attempts
   */
  @Retryable(
      attempts = "2",
      delay = "500ms",
      multiplier = "2",
      predicate = AttemptFailed.OnceMore.class)
  Bought buy(EmbeddingOrder order) {
    var callId = UUID.randomUUID();
    calls.start(
        new PaidCall(
            callId,
            order.userId(),
            order.jobId(),
            order.batchId(),
            "openai",
            order.operation(),
            EmbeddingModel.DEFAULT.name(),
            order.tokens(),
            price.nanoUsd(order.tokens())));
    return switch (provider.embed(order.texts())) {
      case Vectors(var vectors, long tokens, var requestId) ->
          new Bought(
              callId, vectors, Settlement.paid("ok", tokens, price.nanoUsd(tokens), requestId));
      case Failure failure -> {
        settle(order.userId(), callId, failure);
        throw new AttemptFailed(failure, order.remaining().get());
      }
    };
  }

  private void settle(UUID userId, UUID callId, Failure failure) {
    switch (failure) {
      case Throttled f -> calls.settle(userId, callId, Settlement.free(f.code()));
      case Unavailable f -> calls.settle(userId, callId, Settlement.free(f.code()));
      case Refused f -> calls.settle(userId, callId, Settlement.free(f.code()));
      case Unanswered f -> calls.closeAsUnknown(userId, callId, f.code());
      case Malformed f when f.tokens() == 0 -> calls.closeAsUnknown(userId, callId, f.code());
      case Malformed f ->
          calls.settle(
              userId,
              callId,
              Settlement.paid(f.code(), f.tokens(), price.nanoUsd(f.tokens()), null));
    }
  }
}
