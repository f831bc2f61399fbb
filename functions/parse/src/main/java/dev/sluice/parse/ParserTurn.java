package dev.sluice.parse;

import dev.sluice.postgres.RateLimits;
import dev.sluice.postgres.RateLimits.Bucket;
import dev.sluice.postgres.RateLimits.News;
import dev.sluice.postgres.RateLimits.PerMinute;
import dev.sluice.postgres.RateLimits.Permit;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A submission's turn under the limits that all functions share. */
@Singleton
final class ParserTurn {
  private static final Logger LOG = LoggerFactory.getLogger(ParserTurn.class);

  /** Submissions are counted, not their size. */
  private static final double NO_LIMIT = 1e12;

  /** The parser says no time with its refusal. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final RateLimits limits;
  private final PerMinute allowed;
  private final Bucket bucket;

  /**
   * @param submissionsAMinute of the account; LlamaParse's documentation names about 3,000
   */
  ParserTurn(
      RateLimits limits,
      ParserOptions options,
      @Property(name = "sluice.llamaparse.submissions-a-minute") double submissionsAMinute) {
    this.limits = limits;
    this.allowed = new PerMinute(submissionsAMinute, NO_LIMIT);
    this.bucket = new Bucket(ParserOptions.NAME, options.tier());
  }

  /**
   * Returns when a submission may be made.
   *
   * @throws ParserFault.NotNow if that is not now
   */
  void take(UUID tenant) {
    if (limits.take(bucket, tenant, 1, allowed) instanceof Permit.Wait wait) {
      throw new ParserFault.NotNow(wait.reason(), wait.time());
    }
  }

  /** Leaves the turn to others: no submission follows. */
  void giveBack(UUID tenant) {
    try {
      limits.giveBack(bucket, tenant, 1);
    } catch (RuntimeException e) {
      LOG.warn("A turn without a submission was not given back; the others wait longer", e);
    }
  }

  void answered() {
    report(new News.Answered());
  }

  void failed(ParserFault.Unavailable fault) {
    report(
        switch (fault.code()) {
          case ParserFaults.LIMITED -> new News.Throttled(PAUSE);
          case ParserFaults.NO_KEY, ParserFaults.NO_CREDITS -> new News.Blocked(fault.code());
          default -> new News.Away();
        });
  }

  /** Advice: it must not cost the submission that is made. */
  private void report(News news) {
    try {
      limits.report(bucket, news, PerMinute.UNKNOWN, PerMinute.UNKNOWN);
    } catch (RuntimeException e) {
      LOG.warn("The parser's state was not noted; the next submission notes it", e);
    }
  }
}
