package dev.sluice.crash;

import dev.sluice.document.JobStatus;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Leaves the pipeline to itself in pipeline time: while something is in flight it waits, and when
 * nothing is it jumps on, sweeping once a minute as the template's schedule does.
 */
final class Recovery {
  private static final Duration JUMP = Duration.ofSeconds(5);
  private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(20);

  /** No wait of the machine's own time ends later: a cell that takes longer has failed. */
  private static final Duration LONGEST = Duration.ofMinutes(4);

  private static final String STATUS = "select status from upload_jobs where job_id = ?";

  private final CrashCloud cloud;
  private Instant nextSweep;

  Recovery(CrashCloud cloud) {
    this.cloud = cloud;
    this.nextSweep = cloud.clock.instant().plus(BETWEEN_SWEEPS);
  }

  interface Condition {
    boolean holds() throws SQLException;
  }

  /** Until the job is complete, failed or cancelled; returns its status. */
  String finish(UUID job, Duration most) throws Exception {
    until(most, () -> JobStatus.ofWireName(status(job)).isTerminal());
    return status(job);
  }

  String status(UUID job) throws SQLException {
    return cloud.ask(STATUS, job).getFirst();
  }

  /** Until no queue of a stage has a message and no function runs. */
  void drain(Duration most) throws Exception {
    until(
        most,
        () ->
            cloud.isQuiet()
                && cloud.messages().keySet().stream().allMatch(queue -> queue.endsWith("-dead")));
  }

  /** Returns when the condition holds, or after so much pipeline time. */
  void until(Duration most, Condition condition) throws Exception {
    var end = cloud.clock.instant().plus(most);
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (!condition.holds() && cloud.clock.instant().isBefore(end)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + LONGEST.toMinutes() + " minutes of real time");
      }
      if (!isQuiet()) {
        LockSupport.parkNanos(LOOK.toNanos());
      } else {
        forward();
      }
    }
  }

  /** What one part has let go of, the next may not have taken up yet. */
  private boolean isQuiet() throws InterruptedException {
    if (!cloud.isQuiet()) {
      return false;
    }
    cloud.cloud.lambda().pollNow();
    return cloud.isQuiet();
  }

  private void forward() throws Exception {
    cloud.jump(JUMP);
    if (!cloud.clock.instant().isBefore(nextSweep)) {
      nextSweep = cloud.clock.instant().plus(BETWEEN_SWEEPS);
      var unused = cloud.sweep();
    }
  }
}
