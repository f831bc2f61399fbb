package dev.sluice.embed;

import dev.sluice.embedding.EmbeddingAnswer.Failure;
import dev.sluice.message.EmbedMessage;
import dev.sluice.message.Invocation;
import dev.sluice.stage.Outages;
import dev.sluice.stage.Outcome;
import jakarta.inject.Singleton;
import java.time.Duration;

/** How a batch sits out what the provider cannot do now, without being counted as failing. */
@Singleton
final class ProviderWait {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST_BY_VISIBILITY = Duration.ofSeconds(60);

  /** Longer than what the message itself waits for, so that the row and the sweep take over. */
  private static final Duration SHORTEST_IN_THE_ROW = Duration.ofSeconds(90);

  /** SQS sets a message aside after twelve deliveries: half of them may be spent on waiting. */
  private static final int DELIVERIES_FOR_WAITING = 6;

  private final BatchStore batches;

  ProviderWait(BatchStore batches) {
    this.batches = batches;
  }

  /** How often a budget is asked again; a person who raises it need not do anything else. */
  private static final Duration BUDGET = Duration.ofMinutes(5);

  /** For as long as it takes until it is the call's turn, as far as can be told. */
  Outcome sitOutLimit(EmbedMessage message, Invocation invocation, String why, Duration time) {
    var wait = longer(time, SHORTEST);
    if (wait.compareTo(LONGEST_BY_VISIBILITY) <= 0
        && invocation.receiveCount() < DELIVERIES_FOR_WAITING) {
      var unused = batches.giveBack(message, invocation, false);
      return new Outcome.Deferred(wait, why);
    }
    var inTheRow = longer(wait, SHORTEST_IN_THE_ROW);
    batches.waitFor(message, invocation, inTheRow, why);
    return new Outcome.Deferred(inTheRow, why);
  }

  /** Until a person, or the next day, has made room. */
  Outcome awaitBudget(EmbedMessage message, Invocation invocation, String why) {
    batches.waitFor(message, invocation, BUDGET, why);
    return new Outcome.Deferred(BUDGET, why);
  }

  /** Ever longer, for a day at most. */
  Outcome sitOutOutage(EmbedMessage message, Invocation invocation, Failure away) {
    return batches
        .awaitProvider(message, invocation, away.code())
        .map(age -> Outages.sitOut(age, away.code(), away.message()))
        .orElseGet(() -> new Outcome.AlreadyDone("another invocation holds the lease"));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
