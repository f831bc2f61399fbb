package dev.sluice.sweep;

import dev.sluice.document.PipelineStage;
import dev.sluice.message.MessageSender;
import dev.sluice.message.ParseMessage;
import dev.sluice.message.StageMessages;
import jakarta.inject.Singleton;

/** Sends on a job that the sweep has found waiting. */
@Singleton
final class JobMessages {
  private final StageMessages messages;
  private final MessageSender sender;
  private final OpenBatches batches;

  JobMessages(StageMessages messages, MessageSender sender, OpenBatches batches) {
    this.messages = messages;
    this.sender = sender;
    this.batches = batches;
  }

  void send(SweptJob swept) {
    switch (swept.status()) {
      // Any batch will do: whichever finds none open moves the job.
      case EMBEDDING_QUEUED, EMBEDDING_IN_PROGRESS ->
          batches.firstOf(swept).ifPresent(message -> sender.send(PipelineStage.EMBED, message));
      case COMPLETE, FAILED_PARSE, FAILED_CHUNKING, FAILED_EMBEDDING, CANCELLED -> {
        // It ended between being found and being sent.
      }
      default ->
          messages.send(swept.job(), swept.status(), swept.retryCount(), swept.correlationId());
    }
  }

  /** Asks the parse stage to look at the parser's job. */
  void collect(SweptJob swept) {
    sender.send(
        PipelineStage.PARSE,
        new ParseMessage(
            ParseMessage.Kind.COLLECT, swept.job(), swept.retryCount(), swept.correlationId()));
  }

  /** Tells the parse stage that the parser gave the document up. */
  void parserFailed(SweptJob swept) {
    sender.send(
        PipelineStage.PARSE,
        ParseMessage.failed(swept.job(), swept.retryCount(), swept.correlationId()));
  }
}
