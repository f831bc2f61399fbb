package dev.sluice.parse;

import dev.sluice.postgres.JobRow;
import java.util.Map;

/** What a submission says of itself, so that its job can be told from any other. */
final class SubmissionMetadata {
  private static final String RETRY_COUNT = "retry_count";

  private SubmissionMetadata() {}

  static Map<String, String> of(JobRow job) {
    return Map.of(
        "job_id",
        job.job().jobId().toString(),
        "document_id",
        job.job().documentId().toString(),
        "generation",
        Integer.toString(job.job().generation()),
        RETRY_COUNT,
        Integer.toString(job.retryCount()));
  }

  /**
   * Whether the parser's job is this submission, or one that an earlier try has paid for and that
   * can still give its text: a retry must not take the answer that failed. The parser may add
   * entries of its own.
   */
  static boolean names(JobRow job, ParserJob candidate) {
    var ours = of(job).entrySet();
    var theirs = candidate.metadata().entrySet();
    return ours.stream()
        .allMatch(
            entry ->
                theirs.contains(entry)
                    || (entry.getKey().equals(RETRY_COUNT) && canGiveText(candidate)));
  }

  private static boolean canGiveText(ParserJob candidate) {
    return switch (candidate.status()) {
      case PENDING, RUNNING, COMPLETED -> true;
      case FAILED, CANCELLED -> false;
    };
  }
}
