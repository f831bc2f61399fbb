package dev.sluice.stage;

import dev.sluice.message.Invocation;
import dev.sluice.message.StageMessage;

/**
 * A message of a stage, as SQS delivered it.
 *
 * @param foreign whether another service has written it, which may say the same again at any time
 */
record Delivery<M extends StageMessage>(
    M message, Invocation invocation, Sending sending, boolean foreign, Stage<M> stage) {
  /** The same with another message in the first one's place. */
  Delivery<M> of(M other) {
    return new Delivery<>(other, invocation, sending, foreign, stage);
  }
}
