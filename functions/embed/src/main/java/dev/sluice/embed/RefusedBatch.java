package dev.sluice.embed;

import dev.sluice.document.PipelineStage;
import dev.sluice.embedding.EmbeddingAnswer.BadInput;
import dev.sluice.message.EmbedMessage;
import dev.sluice.message.Invocation;
import dev.sluice.message.MessageSender;
import jakarta.inject.Singleton;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a batch that the provider does not take: halves, until the text that it refuses
 * is alone. That one goes without a vector, and the others are not held up.
 */
@Singleton
final class RefusedBatch {
  private static final Logger LOG = LoggerFactory.getLogger(RefusedBatch.class);

  private final BatchSplits splits;
  private final MessageSender sender;

  RefusedBatch(BatchSplits splits, MessageSender sender) {
    this.splits = splits;
    this.sender = sender;
  }

  /**
   * Settles the batch.
   *
   * @return whether its job may have no open batch any more
   * @throws dev.sluice.postgres.WriteRefused if the fence or the lease is lost
   */
  boolean settle(
      EmbedMessage message, Invocation invocation, List<BatchChunk> chunks, BadInput refusal) {
    var texts = chunks.stream().filter(chunk -> chunk.text() != null).toList();
    if (texts.size() == 1) {
      splits.closeWithoutVector(message, invocation.token(), texts.getFirst(), refusal.code());
      LOG.warn(
          "Batch {}: its one text gets no vector, since the provider refuses it: {}",
          message.batchId(),
          refusal.message());
      return true;
    }
    var halves = splits.split(message, invocation.token(), texts);
    LOG.warn(
        "Batch {} with {} texts is split in two, since the provider refuses it: {}",
        message.batchId(),
        texts.size(),
        refusal.message());
    sender.sendAll(PipelineStage.EMBED, halves);
    splits.sent(halves);
    return false;
  }
}
