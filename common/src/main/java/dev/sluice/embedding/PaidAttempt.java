package dev.sluice.embedding;

import dev.sluice.document.EmbeddingModel;
import dev.sluice.embedding.EmbeddingAnswer.BadInput;
import dev.sluice.embedding.EmbeddingAnswer.Blocked;
import dev.sluice.embedding.EmbeddingAnswer.Failure;
import dev.sluice.embedding.EmbeddingAnswer.Malformed;
import dev.sluice.embedding.EmbeddingAnswer.NotNow;
import dev.sluice.embedding.EmbeddingAnswer.OverBudget;
import dev.sluice.embedding.EmbeddingAnswer.Throttled;
import dev.sluice.embedding.EmbeddingAnswer.Unanswered;
import dev.sluice.embedding.EmbeddingAnswer.Unavailable;
import dev.sluice.embedding.EmbeddingAnswer.Vectors;
import dev.sluice.embedding.EmbeddingPurchase.Bought;
import dev.sluice.postgres.NotAffordable;
import dev.sluice.postgres.ProviderCalls;
import dev.sluice.postgres.ProviderCalls.PaidCall;
import dev.sluice.postgres.ProviderCalls.Settlement;
import io.micronaut.context.annotation.Requires;
import io.micronaut.retry.annotation.Retryable;
import jakarta.inject.Singleton;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One attempt, with its own row in the ledger. Not final: the retry is woven around it. */
@Singleton
@Requires(property = "sluice.openai-secret")
class PaidAttempt {
  private final OpenAiEmbeddings provider;
  private final ProviderCalls calls;
  private final EmbeddingPrice price;
  private final Turn turn;
  private final CallTime time;

  PaidAttempt(
      OpenAiEmbeddings provider,
      ProviderCalls calls,
      EmbeddingPrice price,
      Turn turn,
      CallTime time) {
    this.provider = provider;
    this.calls = calls;
    this.price = price;
    this.turn = turn;
    this.time = time;
  }

  /**
   * Waits for its turn, writes the call down, makes it, and settles it unless it succeeded.
   *
   * @throws AttemptFailed after at most two more attempts
   */
  @Retryable(
      attempts = "2",
      delay = "500ms",
      multiplier = "2",
      predicate = AttemptFailed.OnceMore.class)
  Bought buy(EmbeddingOrder order) {
    requireAffordable(order);
    turn.await(order);
    var callId = start(order);
    var exchange = provider.embed(order.texts());
    if (exchange.answer() instanceof Failure failure) {
      settle(order.userId(), callId, failure);
    }
    turn.report(order, exchange);
    return switch (exchange.answer()) {
      case Vectors(var vectors, long tokens, var requestId) ->
          new Bought(callId, vectors, paid(order, tokens, requestId));
      case Failure failure -> throw new AttemptFailed(failure, time.slack(order));
    };
  }

  /** An answer that does not say what it used is counted at its estimate. */
  private Settlement paid(EmbeddingOrder order, long said, @Nullable String requestId) {
    long tokens = said == 0 ? order.tokens() : said;
    return Settlement.paid("ok", tokens, price.nanoUsd(tokens), requestId);
  }

  /** A tenant that cannot pay must not use up the turns of those who can. */
  private void requireAffordable(EmbeddingOrder order) {
    try {
      calls.requireAffordable(order.userId(), order.jobId(), price.nanoUsd(order.tokens()));
    } catch (NotAffordable e) {
      throw overBudget(order, e);
    }
  }

  private UUID start(EmbeddingOrder order) {
    var callId = UUID.randomUUID();
    try {
      calls.start(call(callId, order));
      return callId;
    } catch (RuntimeException e) {
      turn.giveBack(order);
      throw e instanceof NotAffordable refusal ? overBudget(order, refusal) : e;
    }
  }

  private AttemptFailed overBudget(EmbeddingOrder order, NotAffordable refusal) {
    return new AttemptFailed(new OverBudget(refusal.code(), refusal.sentence()), time.slack(order));
  }

  private PaidCall call(UUID callId, EmbeddingOrder order) {
    return new PaidCall(
        callId,
        order.userId(),
        order.jobId(),
        order.batchId(),
        "openai",
        order.operation(),
        EmbeddingModel.DEFAULT.name(),
        order.tokens(),
        price.nanoUsd(order.tokens()));
  }

  private void settle(UUID userId, UUID callId, Failure failure) {
    switch (failure) {
      case Throttled _, Unavailable _, Blocked _, BadInput _, NotNow _, OverBudget _ ->
          calls.settle(userId, callId, Settlement.free(failure.code()));
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
