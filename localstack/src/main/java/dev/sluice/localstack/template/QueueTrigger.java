package dev.sluice.localstack.template;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * An event source mapping from a queue to a function.
 *
 * @param batchSize messages an invocation, 1 to 10,000; AWS's default is 10
 * @param batchingWindow how long a batch may wait to fill; zero sends what the first receive
 *     brought
 * @param reportsItemFailures whether the function answers with the messages that failed
 * @param maximumConcurrency the most invocations at once, 2 to 1,000
 */
public record QueueTrigger(
    String queueArn,
    int batchSize,
    Duration batchingWindow,
    boolean reportsItemFailures,
    OptionalInt maximumConcurrency) {}
