package dev.sluice.stage;

import dev.sluice.document.PipelineStage;
import dev.sluice.message.StageMessage;

/** One stage's use case, as {@link StageRunner} drives it. */
public interface Stage<M extends StageMessage> {
  PipelineStage stage();

  /** Does the message's work: claim, work outside any transaction, commit, emit. */
  Outcome run(M message, Invocation invocation);

  /**
   * Gives back what a failed run claimed, so that the redelivered message need not wait out the
   * lease.
   *
   * @return how often the work has been claimed without success, from 1
   */
  int giveBack(M message);
}
