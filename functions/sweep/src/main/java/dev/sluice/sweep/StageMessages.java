package dev.sluice.sweep;

import dev.sluice.document.PipelineStage;
import dev.sluice.message.ChunkMessage;
import dev.sluice.message.FinalizeMessage;
import dev.sluice.message.MessageSender;
import dev.sluice.message.ParseMessage;
import dev.sluice.message.ValidateMessage;
import jakarta.inject.Singleton;

/** Sends a job to the stage that takes it on from where it stands. */
@Singleton
final class StageMessages {
  private final MessageSender sender;
  private final OpenBatches batches;

  StageMessages(MessageSender sender, OpenBatches batches) {
    this.sender = sender;
    this.batches = batches;
  }

  void send(SweptJob swept) {
    var job = swept.job();
    int retryCount = swept.retryCount();
    var correlationId = swept.correlationId();
    switch (swept.status()) {
      case UPLOADED -> parse(ParseMessage.Kind.SUBMIT, swept);
      case PARSE_QUEUED -> parse(ParseMessage.Kind.COLLECT, swept);
      case PARSED ->
          sender.send(PipelineStage.VALIDATE, new ValidateMessage(job, retryCount, correlationId));
      // The chunk stage announces the batches of what it has stored, however often it is asked.
      case PARSE_VALIDATED, CHUNKING, CHUNKS_STORED ->
          sender.send(PipelineStage.CHUNK, new ChunkMessage(job, retryCount, correlationId));
      // Any batch will do: whichever finds none open moves the job.
      case EMBEDDING_QUEUED, EMBEDDING_IN_PROGRESS ->
          batches.firstOf(swept).ifPresent(message -> sender.send(PipelineStage.EMBED, message));
      case EMBEDDINGS_STORED ->
          sender.send(PipelineStage.FINALIZE, new FinalizeMessage(job, retryCount, correlationId));
      case COMPLETE, FAILED_PARSE, FAILED_CHUNKING, FAILED_EMBEDDING, CANCELLED -> {
        // It ended between being found and being sent.
      }
    }
  }

  /** Asks the parse stage to look at the parser's job. */
  void collect(SweptJob swept) {
    parse(ParseMessage.Kind.COLLECT, swept);
  }

  private void parse(ParseMessage.Kind kind, SweptJob swept) {
    sender.send(
        PipelineStage.PARSE,
        new ParseMessage(kind, swept.job(), swept.retryCount(), swept.correlationId()));
  }
}
