package dev.sluice.document;

import java.util.Locale;

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

  /** Where a job goes when this stage gives up. */
  public JobStatus failure() {
    return failure;
  }

  /** The name in queues, logs and errors: lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
