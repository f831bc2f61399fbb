package dev.sluice.embed;

import dev.sluice.document.JobStatus;
import dev.sluice.document.PipelineStage;
import dev.sluice.embedding.BuyEmbeddings;
import dev.sluice.embedding.EmbeddingAnswer.BadInput;
import dev.sluice.embedding.EmbeddingAnswer.Blocked;
import dev.sluice.embedding.EmbeddingAnswer.Failure;
import dev.sluice.embedding.EmbeddingAnswer.Malformed;
import dev.sluice.embedding.EmbeddingAnswer.NotNow;
import dev.sluice.embedding.EmbeddingAnswer.OverBudget;
import dev.sluice.embedding.EmbeddingAnswer.Throttled;
import dev.sluice.embedding.EmbeddingAnswer.Unanswered;
import dev.sluice.embedding.EmbeddingAnswer.Unavailable;
import dev.sluice.embedding.EmbeddingOrder;
import dev.sluice.embedding.EmbeddingPurchase.Bought;
import dev.sluice.embedding.EmbeddingPurchase.NotBought;
import dev.sluice.message.EmbedMessage;
import dev.sluice.message.FinalizeMessage;
import dev.sluice.message.Invocation;
import dev.sluice.message.MessageSender;
import dev.sluice.postgres.Emissions;
import dev.sluice.postgres.ProviderCalls;
import dev.sluice.stage.Outcome;
import dev.sluice.stage.Stage;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * Embeds one batch: claims it, takes over the vectors that another document has bought since it was
 * planned, buys those of its other distinct texts, stores them with the settlement in one
 * transaction, and sends the job on if no batch is left open.
 */
@Singleton
public final class EmbedBatch implements Stage<EmbedMessage> {
  /** As long as the invocation's time allows: a message that returns is a delivery more. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

  /** How long the same text's purchase by another batch may take; then it is looked for again. */
  private static final Duration ANOTHERS_CALL = Duration.ofSeconds(3);

  private final BatchStore batches;
  private final KnownVectors known;
  private final VectorStore vectors;
  private final BuyEmbeddings provider;
  private final ProviderCalls calls;
  private final MessageSender sender;
  private final ProviderWait providerWait;
  private final RefusedBatch refusedBatch;
  private final Emissions emissions;

  EmbedBatch(
      BatchStore batches,
      KnownVectors known,
      VectorStore vectors,
      BuyEmbeddings provider,
      ProviderCalls calls,
      MessageSender sender,
      ProviderWait providerWait,
      RefusedBatch refusedBatch,
      Emissions emissions) {
    this.batches = batches;
    this.known = known;
    this.vectors = vectors;
    this.provider = provider;
    this.calls = calls;
    this.sender = sender;
    this.providerWait = providerWait;
    this.refusedBatch = refusedBatch;
    this.emissions = emissions;
  }

  @Override
  public PipelineStage stage() {
    return PipelineStage.EMBED;
  }

  @Override
  public OptionalInt giveBack(EmbedMessage message, Invocation invocation, boolean counted) {
    return batches.giveBack(message, invocation, counted);
  }

  @Override
  public Outcome run(EmbedMessage message, Invocation invocation) {
    return switch (batches.claim(message, invocation)) {
      case BatchClaim.Granted() -> embed(message, invocation);
      case BatchClaim.Leased(var rest) -> new Outcome.Busy(rest);
      case BatchClaim.Done(var job) -> sendOnAgain(message, job);
      case BatchClaim.NotWanted(String why) -> new Outcome.AlreadyDone(why);
      case BatchClaim.Exhausted() -> Outcome.attemptsExhausted();
    };
  }

  private Outcome embed(EmbedMessage message, Invocation invocation) {
    return switch (known.takeOver(message, invocation.token())) {
      case ALL -> closed(message);
      case SOME -> buy(message, invocation, vectors.chunks(message));
      case BEING_BOUGHT ->
          providerWait.sitOutLimit(message, invocation, "same_text", ANOTHERS_CALL);
      case NO_TEXTS ->
          new Outcome.Rejected(
              "incomplete", "Batch " + message.batchNo() + " of the document has lost its texts.");
    };
  }

  private Outcome buy(EmbedMessage message, Invocation invocation, List<BatchChunk> chunks) {
    return switch (provider.buy(order(message, invocation, chunks))) {
      case Bought bought -> store(message, invocation, chunks, bought);
      case NotBought(BadInput refusal) -> refused(message, invocation, chunks, refusal);
      case NotBought(Failure failure) -> failed(message, invocation, failure);
    };
  }

  private static EmbeddingOrder order(
      EmbedMessage message, Invocation invocation, List<BatchChunk> chunks) {
    var texts = chunks.stream().filter(chunk -> chunk.text() != null).toList();
    return new EmbeddingOrder(
        message.job().userId(),
        message.job().jobId(),
        message.batchId(),
        "embed",
        texts.stream().map(BatchChunk::text).toList(),
        texts.stream().mapToLong(BatchChunk::tokens).sum(),
        invocation.remaining(),
        LONGEST_WAIT);
  }

  private Outcome store(
      EmbedMessage message, Invocation invocation, List<BatchChunk> chunks, Bought bought) {
    try {
      vectors.store(message, invocation.token(), chunks, bought);
    } catch (RuntimeException e) {
      // Paid all the same, whatever became of the vectors.
      calls.settle(
          message.job().userId(), bought.callId(), bought.settlement().as("result_not_stored"));
      throw e;
    }
    return closed(message);
  }

  private Outcome closed(EmbedMessage message) {
    if (batches.finish(message.job(), message.retryCount())) {
      sendOn(message);
    }
    return new Outcome.Advanced();
  }

  private Outcome refused(
      EmbedMessage message, Invocation invocation, List<BatchChunk> chunks, BadInput refusal) {
    return refusedBatch.settle(message, invocation, chunks, refusal)
        ? closed(message)
        : new Outcome.Advanced();
  }

  /** A crash may have come between the commit and the message that follows it. */
  private Outcome sendOnAgain(EmbedMessage message, JobStatus job) {
    if (batches.finish(message.job(), message.retryCount()) || job == JobStatus.EMBEDDINGS_STORED) {
      sendOn(message);
    }
    return new Outcome.AlreadyDone("the batch's vectors are stored");
  }

  private void sendOn(EmbedMessage message) {
    sender.send(
        PipelineStage.FINALIZE,
        new FinalizeMessage(message.job(), message.retryCount(), message.correlationId()));
    emissions.sent(message.job(), message.retryCount(), JobStatus.EMBEDDINGS_STORED);
  }

  private Outcome failed(EmbedMessage message, Invocation invocation, Failure failure) {
    return switch (failure) {
      case Throttled f -> providerWait.sitOutLimit(message, invocation, f.code(), f.retryAfter());
      case NotNow f when f.isOnlyForNow() ->
          providerWait.sitOutLimit(message, invocation, f.code(), f.retryAfter());
      case NotNow f -> providerWait.sitOutOutage(message, invocation, f);
      case Unavailable f -> providerWait.sitOutOutage(message, invocation, f);
      case Blocked f -> providerWait.sitOutOutage(message, invocation, f);
      case OverBudget f -> providerWait.awaitBudget(message, invocation, f.code());
      case Unanswered f -> new Outcome.Failed(f.code(), f.message(), null);
      case Malformed f -> new Outcome.Failed(f.code(), f.message(), null);
      case BadInput f -> new Outcome.Rejected(f.code(), f.message());
    };
  }
}
