package dev.sluice.cli.ingest;

import dev.sluice.cli.api.AcceptedDocument;
import dev.sluice.cli.api.Job;
import dev.sluice.cli.api.SluiceApi;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * One list of jobs for all that follow one: four documents at once cost one call, not four.
 *
 * <p>A document's own address shows its newest job, which need not be ours: a call that was sent
 * again because its answer was lost has left an empty generation behind, after ours.
 */
final class LatestJobs {
  // More than are followed at once; one that other jobs have pushed out of the list is asked for
  // alone.
  private static final int LENGTH = 12;

  private final SluiceApi api;
  private final InstantSource clock;
  private List<Job> jobs = List.of();
  private Instant asked = Instant.MIN;

  LatestJobs(SluiceApi api, InstantSource clock) {
    this.api = api;
    this.clock = clock;
  }

  /** Where the job stands, or the one that took its document over. */
  synchronized Job of(AcceptedDocument accepted, Duration tolerance) {
    Instant now = clock.instant();
    if (asked.isBefore(now.minus(tolerance))) {
      jobs = api.jobs(LENGTH);
      asked = now;
    }
    return successor(accepted)
        .or(() -> ours(accepted))
        .orElseGet(() -> api.job(accepted.documentId()));
  }

  private Optional<Job> ours(AcceptedDocument accepted) {
    return jobs.stream().filter(job -> job.jobId().equals(accepted.jobId())).findFirst();
  }

  // Only a generation whose bytes have arrived fences off the ones before it.
  private Optional<Job> successor(AcceptedDocument accepted) {
    return jobs.stream()
        .filter(job -> job.documentId().equals(accepted.documentId()))
        .filter(job -> job.generation() > accepted.generation())
        .filter(job -> !job.status().equals("uploaded"))
        .findFirst();
  }
}
