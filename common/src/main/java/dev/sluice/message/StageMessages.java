package dev.sluice.message;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.document.PipelineStage;
import jakarta.inject.Singleton;

/** Sends a job to the stage that takes it on from where it stands. */
@Singleton
public final class StageMessages {
  private final MessageSender sender;

  StageMessages(MessageSender sender) {
    this.sender = sender;
  }

  /**
   * Sends the job's message, after the commit that promised it.
   *
   * @throws IllegalArgumentException if the job has ended, or is embedding: then its batches have
   *     messages, not the job
   */
  public void send(JobRef job, JobStatus status, int retryCount, String correlationId) {
    switch (status) {
      case UPLOADED -> parse(ParseMessage.Kind.SUBMIT, job, retryCount, correlationId);
      case PARSE_QUEUED -> parse(ParseMessage.Kind.COLLECT, job, retryCount, correlationId);
      case PARSED ->
          sender.send(PipelineStage.VALIDATE, new ValidateMessage(job, retryCount, correlationId));
      // The chunk stage announces the batches of what it has stored, however often it is asked.
      case PARSE_VALIDATED, CHUNKING, CHUNKS_STORED ->
          sender.send(PipelineStage.CHUNK, new ChunkMessage(job, retryCount, correlationId));
      case EMBEDDINGS_STORED ->
          sender.send(PipelineStage.FINALIZE, new FinalizeMessage(job, retryCount, correlationId));
      case EMBEDDING_QUEUED,
          EMBEDDING_IN_PROGRESS,
          COMPLETE,
          FAILED_PARSE,
          FAILED_CHUNKING,
          FAILED_EMBEDDING,
          CANCELLED ->
          throw new IllegalArgumentException("no message takes on a job that is " + status);
    }
  }

  private void parse(ParseMessage.Kind kind, JobRef job, int retryCount, String correlationId) {
    sender.send(PipelineStage.PARSE, new ParseMessage(kind, job, retryCount, correlationId));
  }
}
