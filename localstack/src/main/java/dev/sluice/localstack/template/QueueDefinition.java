package dev.sluice.localstack.template;

import java.time.Duration;
import java.util.Optional;

/**
 * One standard SQS queue.
 *
 * @param visibility how long a received message is hidden; AWS's default is 30 s
 * @param retention how long an unread message is kept; AWS's default is 4 days
 * @param delay before a sent message can be received
 */
public record QueueDefinition(
    String logicalId,
    String name,
    String arn,
    Duration visibility,
    Duration retention,
    Duration delay,
    Optional<Redrive> redrive) {

  /**
   * Where a message goes that was received too often.
   *
   * @param deadLetterArn the dead-letter queue
   * @param maxReceiveCount receives after which the next one moves the message
   */
  public record Redrive(String deadLetterArn, int maxReceiveCount) {}
}
