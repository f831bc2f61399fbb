package dev.sluice.localstack.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the template says of a queue.
 *
 * @param visibilityTimeout how long a received message stays hidden, in whole seconds
 * @param retention how long a message is kept at most, in whole seconds
 * @param redrive null for a queue without a dead-letter queue
 */
public record QueueDefinition(
    String name, Duration visibilityTimeout, Duration retention, @Nullable Redrive redrive) {

  /**
   * @param deadLetterQueue name of the queue that takes what failed too often
   * @param maxReceiveCount receives after which the next one moves the message there
   */
  public record Redrive(String deadLetterQueue, int maxReceiveCount) {}

  /** Visibility and retention as AWS sets them when a template does not: 30 seconds, 4 days. */
  public static QueueDefinition withDefaults(String name) {
    return new QueueDefinition(name, Duration.ofSeconds(30), Duration.ofDays(4), null);
  }
}
