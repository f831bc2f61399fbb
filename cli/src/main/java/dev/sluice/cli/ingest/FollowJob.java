package dev.sluice.cli.ingest;

import dev.sluice.cli.api.AcceptedDocument;
import dev.sluice.cli.api.ApiException;
import dev.sluice.cli.api.Job;
import dev.sluice.cli.api.Pause;
import dev.sluice.cli.api.SluiceApi;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Asks for a job until it has ended: often while it moves, less often while it does not. */
public final class FollowJob {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final LatestJobs jobs;
  private final Pause pause;
  private final InstantSource clock;
  private final Duration limit;

  public FollowJob(SluiceApi api, Pause pause, InstantSource clock, Duration limit) {
    this.jobs = new LatestJobs(api, clock);
    this.pause = pause;
    this.clock = clock;
    this.limit = limit;
  }

  DocumentOutcome toItsEnd(String file, AcceptedDocument accepted, Consumer<Job> watcher) {
    Instant deadline = clock.instant().plus(limit);
    String status = accepted.status();
    Duration interval = SHORTEST;
    while (!Thread.currentThread().isInterrupted() && clock.instant().isBefore(deadline)) {
      pause.pause(interval);
      Job job;
      try {
        job = jobs.of(accepted, interval.dividedBy(2));
      } catch (ApiException lost) {
        return lost(file, accepted, status, lost);
      }
      if (!job.jobId().equals(accepted.jobId())) {
        return superseded(file, accepted, job);
      }
      watcher.accept(job);
      if (job.hasEnded()) {
        return DocumentOutcome.ended(file, job);
      }
      interval = job.status().equals(status) ? longer(interval) : SHORTEST;
      status = job.status();
    }
    return timedOut(file, accepted, status);
  }

  private static Duration longer(Duration interval) {
    Duration next = interval.multipliedBy(5).dividedBy(4);
    return next.compareTo(LONGEST) > 0 ? LONGEST : next;
  }

  private static DocumentOutcome lost(
      String file, AcceptedDocument accepted, String status, ApiException lost) {
    String why = "the job was lost from sight in " + status + ": " + lost.getMessage();
    return DocumentOutcome.interrupted(
        file, accepted, status, new Job.Failure(lost.code(), why, null));
  }

  private static DocumentOutcome superseded(String file, AcceptedDocument accepted, Job newer) {
    String why =
        "a newer upload of this document (generation " + newer.generation() + ") took over";
    return DocumentOutcome.interrupted(
        file, accepted, Job.CANCELLED, new Job.Failure("superseded", why, null));
  }

  private DocumentOutcome timedOut(String file, AcceptedDocument accepted, String status) {
    String why =
        "still "
            + status
            + " after "
            + limit.toSeconds()
            + " s; the job goes on (sluice status "
            + accepted.documentId()
            + ")";
    return DocumentOutcome.interrupted(
        file, accepted, status, new Job.Failure("timeout", why, null));
  }
}
