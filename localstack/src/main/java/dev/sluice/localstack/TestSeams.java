package dev.sluice.localstack;

import dev.sluice.localstack.lambda.RuntimeRoute;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Where a test stands between the cloud's parts.
 *
 * @param runtimeRoute by which a function's process reaches its Runtime API
 * @param longPoll how long a receive waits for a message
 * @param queueClock the time that SQS goes by; its messages are then kept in memory only
 */
public record TestSeams(
    RuntimeRoute runtimeRoute, Duration longPoll, Optional<InstantSource> queueClock) {
  /** The parts meet as they are. */
  static final TestSeams NONE =
      new TestSeams(RuntimeRoute.DIRECT, Duration.ofSeconds(1), Optional.empty());
}
