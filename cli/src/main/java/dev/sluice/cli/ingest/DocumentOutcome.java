package dev.sluice.cli.ingest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.sluice.cli.api.AcceptedDocument;
import dev.sluice.cli.api.Job;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one file ended, as {@code --json} prints it.
 *
 * @param status the job's status; {@code failed_upload} for a file that never became a job
 * @param error a sentence, null when complete
 * @param pages null where the document has none, or nobody counted them
 * @param costMicrousd millionths of a dollar
 * @param seconds by stage
 */
public record DocumentOutcome(
    @Nullable String documentId,
    @Nullable String jobId,
    String file,
    String status,
    @Nullable String error,
    @Nullable String errorCode,
    @Nullable String errorStage,
    @Nullable Integer pages,
    int chunks,
    int vectors,
    long tokens,
    BigDecimal costMicrousd,
    Map<String, BigDecimal> seconds) {

  static final String FAILED_UPLOAD = "failed_upload";
  // What the pipeline itself says of a document without content.
  static final String FAILED_PARSE = "failed_parse";

  private static final Job.Receipt NOTHING =
      new Job.Receipt(null, null, null, null, null, null, null, null, null);

  @JsonIgnore
  public boolean isComplete() {
    return Job.COMPLETE.equals(status);
  }

  /** A file that never became a job. */
  static DocumentOutcome notUploaded(String file, String status, String code, String why) {
    return of(null, null, file, status, new Job.Failure(code, why, "upload"), null);
  }

  /** A job that stood somewhere when something went wrong on this side. */
  static DocumentOutcome interrupted(
      String file, AcceptedDocument accepted, String status, Job.Failure failure) {
    return of(accepted.documentId(), accepted.jobId(), file, status, failure, null);
  }

  static DocumentOutcome ended(String file, Job job) {
    Job.Failure failure = Job.COMPLETE.equals(job.status()) ? null : failure(job);
    return of(job.documentId(), job.jobId(), file, job.status(), failure, job.receipt());
  }

  private static Job.Failure failure(Job job) {
    if (job.error() != null) {
      return job.error();
    }
    return new Job.Failure(job.status(), "the job ended as " + job.status(), null);
  }

  private static DocumentOutcome of(
      @Nullable String documentId,
      @Nullable String jobId,
      String file,
      String status,
      Job.@Nullable Failure failure,
      Job.@Nullable Receipt receipt) {
    Job.Receipt known = Objects.requireNonNullElse(receipt, NOTHING);
    return new DocumentOutcome(
        documentId,
        jobId,
        file,
        status,
        failure == null ? null : sentence(failure),
        failure == null ? null : failure.code(),
        failure == null ? null : failure.stage(),
        known.pages(),
        Objects.requireNonNullElse(known.chunks(), 0),
        Objects.requireNonNullElse(known.vectors(), 0),
        Objects.requireNonNullElse(known.tokens(), 0L),
        Objects.requireNonNullElse(known.costMicrousd(), BigDecimal.ZERO),
        Objects.requireNonNullElse(known.seconds(), Map.of()));
  }

  private static String sentence(Job.Failure failure) {
    if (failure.message() != null && !failure.message().isBlank()) {
      return failure.message();
    }
    return failure.code() == null ? "no reason was given" : failure.code();
  }
}
