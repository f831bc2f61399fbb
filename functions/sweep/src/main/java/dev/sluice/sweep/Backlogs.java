package dev.sluice.sweep;

import dev.sluice.document.JobStatus;
import dev.sluice.document.PipelineStage;
import dev.sluice.message.MessageSender;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the starved from the stuck: while messages wait in a stage's queue, a job that nobody has
 * claimed waits its turn behind them; when none waits, its own is lost.
 */
@Singleton
final class Backlogs {
  private static final Logger LOG = LoggerFactory.getLogger(Backlogs.class);

  private final MessageSender queues;

  Backlogs(MessageSender queues) {
    this.queues = queues;
  }

  /** Whether a message waits in the stage's queue, or might. */
  boolean has(PipelineStage stage) {
    try {
      return queues.waiting(stage) > 0;
    } catch (RuntimeException e) {
      LOG.warn("The {} queue does not say what waits in it: nothing counts as lost", stage, e);
      return true;
    }
  }

  /** The statuses whose next stage has no message waiting. */
  String[] statusesWithout() {
    var empty = EnumSet.allOf(PipelineStage.class);
    empty.removeIf(this::has);
    return EnumSet.allOf(JobStatus.class).stream()
        .filter(status -> PipelineStage.takingOn(status).filter(empty::contains).isPresent())
        .map(JobStatus::wireName)
        .toArray(String[]::new);
  }
}
