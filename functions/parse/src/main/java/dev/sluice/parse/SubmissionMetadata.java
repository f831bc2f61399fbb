package dev.sluice.parse;

import dev.sluice.postgres.JobRow;
import java.util.Map;

/** What a submission says of itself, so that its job can be told from any other. */
final class SubmissionMetadata {
  private SubmissionMetadata() {}

  /** A retry is another submission: it must not take the answer that failed. */
  static Map<String, String> of(JobRow job) {
    return Map.of(
        "job_id", job.job().jobId().toString(),
        "document_id", job.job().documentId().toString(),
        "generation", Integer.toString(job.job().generation()),
        "retry_count", Integer.toString(job.retryCount()));
  }

  /** Whether the parser's job is this submission; the parser may add entries of its own. */
  static boolean names(JobRow job, ParserJob candidate) {
    return candidate.metadata().entrySet().containsAll(of(job).entrySet());
  }
}
