package dev.sluice.simulator.llamaparse;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One job as it is kept on disk.
 *
 * @param name what the document is called: tells the parser text from Markdown
 * @param source the stored file that holds the bytes, null until they were fetched
 * @param failure why it failed, null otherwise
 * @param outcome what parsing gave, null otherwise
 * @param owed callbacks that were neither delivered nor given up
 */
record Job(
    String id,
    String name,
    JobStatus status,
    Submission submission,
    @Nullable String source,
    @Nullable Failure failure,
    @Nullable Outcome outcome,
    Instant createdAt,
    Instant updatedAt,
    List<OwedCallback> owed) {

  /** A code for programs and a sentence for people. */
  record Failure(String code, String message) {}

  /**
   * What parsing gave.
   *
   * @param sourceSha256 hash of the bytes that were parsed
   * @param resultId the job under whose id the result is stored: another one's for a cache hit
   * @param pages pages parsed
   * @param failedPages pages among them that could not be read
   * @param credits what it cost, 0 for a cache hit
   */
  record Outcome(String sourceSha256, String resultId, int pages, int failedPages, long credits) {
    boolean isPartial() {
      return failedPages > 0;
    }
  }

  /**
   * A callback that is still to be delivered.
   *
   * @param eventId stays the same for every attempt
   * @param webhook index into the submission's webhooks
   */
  record OwedCallback(String eventId, String eventType, int webhook) {}

  /** It has ended and told everyone. */
  boolean isOver() {
    return status.isFinal() && owed.isEmpty();
  }

  Job withSource(String file, Instant now) {
    return new Job(id, name, status, submission, file, failure, outcome, createdAt, now, owed);
  }

  Job running(Instant now) {
    return new Job(
        id, name, JobStatus.RUNNING, submission, source, null, null, createdAt, now, owed);
  }

  Job completed(Outcome result, Instant now) {
    return new Job(
        id, name, JobStatus.COMPLETED, submission, null, null, result, createdAt, now, owed);
  }

  Job failed(Failure reason, Instant now) {
    return new Job(
        id, name, JobStatus.FAILED, submission, null, reason, null, createdAt, now, owed);
  }

  Job cancelled(Instant now) {
    return new Job(
        id, name, JobStatus.CANCELLED, submission, null, null, null, createdAt, now, owed);
  }

  Job owing(List<OwedCallback> more) {
    List<OwedCallback> all = new ArrayList<>(owed);
    all.addAll(more);
    return with(all);
  }

  Job settled(OwedCallback callback) {
    return with(owed.stream().filter(other -> !other.equals(callback)).toList());
  }

  private Job with(List<OwedCallback> callbacks) {
    return new Job(
        id,
        name,
        status,
        submission,
        source,
        failure,
        outcome,
        createdAt,
        updatedAt,
        List.copyOf(callbacks));
  }
}
