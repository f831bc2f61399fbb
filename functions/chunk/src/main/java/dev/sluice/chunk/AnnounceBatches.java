package dev.sluice.chunk;

import dev.sluice.document.JobStatus;
import dev.sluice.document.PipelineStage;
import dev.sluice.message.ChunkMessage;
import dev.sluice.message.EmbedMessage;
import dev.sluice.message.FinalizeMessage;
import dev.sluice.message.MessageSender;
import dev.sluice.stage.Outcome;
import jakarta.inject.Singleton;
import java.util.List;

/** Tells the stage that comes next: embed, once a batch, or finalize if every vector was reused. */
@Singleton
final class AnnounceBatches {
  private final BatchStore batches;
  private final MessageSender sender;

  AnnounceBatches(BatchStore batches, MessageSender sender) {
    this.batches = batches;
    this.sender = sender;
  }

  /** After the commit of {@code chunks_stored}. */
  void announce(ChunkMessage message) {
    List<EmbedMessage> open = batches.openBatches(message);
    if (open.isEmpty()) {
      batches.nothingIsLeftToEmbed(message);
      finalizeNext(message);
    } else {
      sender.sendAll(PipelineStage.EMBED, open);
      batches.batchesAreQueued(message);
    }
  }

  /**
   * For a message that comes back: a crash may have left the job stored but not announced. Where it
   * has gone further, the messages were sent; only {@code embeddings_stored} without any batch was
   * reached by this stage itself.
   */
  Outcome again(ChunkMessage message, JobStatus status) {
    if (status == JobStatus.CHUNKS_STORED) {
      announce(message);
    } else if (status == JobStatus.EMBEDDINGS_STORED && batches.hasNoBatch(message.job())) {
      finalizeNext(message);
    }
    return new Outcome.AlreadyDone("the job is " + status.wireName());
  }

  private void finalizeNext(ChunkMessage message) {
    sender.send(
        PipelineStage.FINALIZE,
        new FinalizeMessage(message.job(), message.retryCount(), message.correlationId()));
  }
}
