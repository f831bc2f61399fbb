package dev.sluice.document;

import java.util.Locale;
import java.util.Optional;

/** The stages that a queue feeds, in the order in which a document passes them. */
public enum PipelineStage {
  PARSE(JobStatus.FAILED_PARSE),
  VALIDATE(JobStatus.FAILED_PARSE),
  CHUNK(JobStatus.FAILED_CHUNKING),
  EMBED(JobStatus.FAILED_EMBEDDING),
  FINALIZE(JobStatus.FAILED_EMBEDDING);

  private final JobStatus failure;

  PipelineStage(JobStatus failure) {
    this.failure = failure;
  }

  /** The stage that takes a job on from where it stands; none if it has ended. */
  public static Optional<PipelineStage> takingOn(JobStatus status) {
    return switch (status) {
      case UPLOADED, PARSE_QUEUED -> Optional.of(PARSE);
      case PARSED -> Optional.of(VALIDATE);
      case PARSE_VALIDATED, CHUNKING, CHUNKS_STORED -> Optional.of(CHUNK);
      case EMBEDDING_QUEUED, EMBEDDING_IN_PROGRESS -> Optional.of(EMBED);
      case EMBEDDINGS_STORED -> Optional.of(FINALIZE);
      case COMPLETE, FAILED_PARSE, FAILED_CHUNKING, FAILED_EMBEDDING, CANCELLED -> Optional.empty();
    };
  }

  /** Where a job goes when this stage gives up. */
  public JobStatus failure() {
    return failure;
  }

  /** The name in queues, logs and errors: lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
