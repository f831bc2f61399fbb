package dev.sluice.embed;

import dev.sluice.embedding.EmbeddingAnswer.Throttled;
import dev.sluice.message.EmbedMessage;
import dev.sluice.stage.Invocation;
import dev.sluice.stage.Outcome;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/** How a batch sits out the provider's limit, without being counted as failing. */
@Singleton
final class ThrottleWait {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST_BY_VISIBILITY = Duration.ofSeconds(60);

  /** Longer than what the message itself waits for, so that the row and the sweep take over. */
  private static final Duration SHORTEST_IN_THE_ROW = Duration.ofSeconds(90);

  /** SQS sets a message aside after twelve deliveries: half of them may be spent on waiting. */
  private static final int DELIVERIES_FOR_WAITING = 6;

  private final BatchStore batches;
  private final Clock clock;

  ThrottleWait(BatchStore batches, Clock clock) {
    this.batches = batches;
    this.clock = clock;
  }

  Outcome defer(EmbedMessage message, Invocation invocation, UUID lease, Throttled throttled) {
    var wait = longer(throttled.retryAfter(), SHORTEST);
    if (wait.compareTo(LONGEST_BY_VISIBILITY) <= 0
        && invocation.receiveCount() < DELIVERIES_FOR_WAITING) {
      batches.waitUntil(message, lease, null);
      return new Outcome.Deferred(clock.instant().plus(wait), throttled.code());
    }
    var until = clock.instant().plus(longer(wait, SHORTEST_IN_THE_ROW));
    batches.waitUntil(message, lease, until);
    return new Outcome.Deferred(until, throttled.code());
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
