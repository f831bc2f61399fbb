package dev.sluice.stage;

import dev.sluice.document.PipelineStage;
import dev.sluice.message.Invocation;
import dev.sluice.message.StageMessage;
import java.util.OptionalInt;

/** One stage's use case, as {@link StageRunner} drives it. */
public interface Stage<M extends StageMessage> {
  PipelineStage stage();

  /** Does the message's work: claim, work outside any transaction, commit, emit. */
  Outcome run(M message, Invocation invocation);

  /**
   * Gives back what a failed run claimed, so that the redelivered message need not wait out the
   * lease.
   *
   * @param counted whether the attempt was the work's own, and not an outage around it
   * @return how often the work has been claimed without success; empty if it is another
   *     invocation's now, or done
   */
  OptionalInt giveBack(M message, Invocation invocation, boolean counted);
}
