package dev.sluice.message;

import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What a stage may know of the invocation that runs it.
 *
 * @param token names this invocation's claims: every write that follows from one is guarded by it
 * @param messageId SQS's id of the message
 * @param receiveCount how often SQS has delivered it, from 1
 * @param remaining the time until Lambda stops the function, asked anew each time
 */
public record Invocation(
    UUID token, String messageId, int receiveCount, Supplier<Duration> remaining) {
  /** A lease lasts as long as the invocation can: no work outlives it. */
  public Duration lease() {
    return remaining.get();
  }

  /** The same invocation, as if another message had brought the work. */
  public Invocation on(String otherMessageId) {
    return new Invocation(token, otherMessageId, receiveCount, remaining);
  }
}
