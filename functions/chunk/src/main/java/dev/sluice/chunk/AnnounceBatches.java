package dev.sluice.chunk;

import dev.sluice.document.JobStatus;
import dev.sluice.document.PipelineStage;
import dev.sluice.message.ChunkMessage;
import dev.sluice.message.EmbedMessage;
import dev.sluice.message.FinalizeMessage;
import dev.sluice.message.MessageSender;
import dev.sluice.postgres.Emissions;
import dev.sluice.stage.Outcome;
import jakarta.inject.Singleton;
import java.util.List;

/** Tells the stage that comes next: embed, once a batch, or finalize if every vector was reused. */
@Singleton
final class AnnounceBatches {
  private static final int MESSAGES_A_CALL = 10;

  private final BatchStore batches;
  private final MessageSender sender;
  private final Emissions emissions;

  AnnounceBatches(BatchStore batches, MessageSender sender, Emissions emissions) {
    this.batches = batches;
    this.sender = sender;
    this.emissions = emissions;
  }

  /** After the commit of {@code chunks_stored}. */
  void announce(ChunkMessage message) {
    sendUnsent(message);
    if (batches.hasOpenBatch(message.job())) {
      batches.batchesAreQueued(message);
    } else if (batches.nothingIsLeftToEmbed(message)) {
      finalizeNext(message);
    }
  }

  /** What is sent is written down ten by ten: a crash between repeats ten messages at most. */
  private void sendUnsent(ChunkMessage message) {
    List<EmbedMessage> unsent = batches.unsentBatches(message);
    for (int from = 0; from < unsent.size(); from += MESSAGES_A_CALL) {
      var some = unsent.subList(from, Math.min(from + MESSAGES_A_CALL, unsent.size()));
      sender.sendAll(PipelineStage.EMBED, some);
      batches.sent(some);
    }
  }

  /**
   * For a message that comes back: a crash may have left the job stored but not, or not wholly,
   * announced. {@code embeddings_stored} without any batch was reached by this stage itself.
   */
  Outcome again(ChunkMessage message, JobStatus status) {
    switch (status) {
      case CHUNKS_STORED -> announce(message);
      case EMBEDDING_QUEUED, EMBEDDING_IN_PROGRESS -> sendUnsent(message);
      case EMBEDDINGS_STORED -> {
        if (batches.hasNoBatch(message.job())) {
          finalizeNext(message);
        }
      }
      default -> {
        // Not this stage's to tell.
      }
    }
    return new Outcome.AlreadyDone("the job is " + status.wireName());
  }

  private void finalizeNext(ChunkMessage message) {
    sender.send(
        PipelineStage.FINALIZE,
        new FinalizeMessage(message.job(), message.retryCount(), message.correlationId()));
    emissions.sent(message.job(), message.retryCount(), JobStatus.EMBEDDINGS_STORED);
  }
}
