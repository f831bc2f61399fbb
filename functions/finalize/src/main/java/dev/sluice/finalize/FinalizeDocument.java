package dev.sluice.finalize;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.document.PipelineStage;
import dev.sluice.message.FinalizeMessage;
import dev.sluice.message.Invocation;
import dev.sluice.postgres.Claim;
import dev.sluice.postgres.JobClaims;
import dev.sluice.postgres.JobRetries;
import dev.sluice.stage.Outcome;
import dev.sluice.stage.Stage;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Makes a document searchable: checks that it is whole, promotes it slice by slice where nobody
 * sees it, then swaps one row.
 */
@Singleton
public final class FinalizeDocument implements Stage<FinalizeMessage> {
  private static final int SLICE = 1000;

  /** What one more slice may take; with less left, the next delivery goes on from here. */
  private static final Duration ONE_MORE_SLICE = Duration.ofSeconds(10);

  private final JobClaims claims;
  private final PromotionStore store;

  FinalizeDocument(JobClaims claims, PromotionStore store) {
    this.claims = claims;
    this.store = store;
  }

  @Override
  public PipelineStage stage() {
    return PipelineStage.FINALIZE;
  }

  @Override
  public OptionalInt giveBack(FinalizeMessage message, Invocation invocation, boolean counted) {
    return claims.giveBack(message, invocation, counted);
  }

  @Override
  public Outcome run(FinalizeMessage message, Invocation invocation) {
    return switch (claims.claim(message, EnumSet.of(JobStatus.EMBEDDINGS_STORED), invocation)) {
      case Claim.Granted(var row, var lease) -> promote(message, row.job(), lease, invocation);
      case Claim.NotHere(var row) ->
          new Outcome.AlreadyDone("the job is " + row.status().wireName());
      case Claim.Leased(var rest) -> new Outcome.Busy(rest);
      case Claim.Stale() -> new Outcome.AlreadyDone("stale");
      case Claim.Exhausted() -> Outcome.attemptsExhausted();
    };
  }

  private Outcome promote(FinalizeMessage message, JobRef job, UUID lease, Invocation invocation) {
    var found = store.count(job);
    if (!found.isWhole()) {
      return new Outcome.Rejected("incomplete", found.describe());
    }
    if (found.isWithoutVectors()) {
      return new Outcome.Rejected(
          JobRetries.NO_VECTORS,
          "The embedding provider refused each of the %d texts; a retry asks it again."
              .formatted(found.unembeddable()));
    }
    for (int from = store.nextOrdinal(job); from < found.announced(); from += SLICE) {
      if (invocation.remaining().get().compareTo(ONE_MORE_SLICE) < 0) {
        var unused = claims.giveBack(message, invocation, false);
        return new Outcome.Deferred(Duration.ZERO, "the invocation's time");
      }
      store.promote(job, lease, from, from + SLICE);
    }
    int promoted = store.promoted(job);
    if (promoted != found.announced()) {
      return new Outcome.Rejected(
          "incomplete",
          "%d of %d chunks could be promoted.".formatted(promoted, found.announced()));
    }
    store.activate(job, lease);
    return new Outcome.Advanced();
  }
}
