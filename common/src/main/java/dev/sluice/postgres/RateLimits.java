package dev.sluice.postgres;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The limits of providers, shared by all functions: a token bucket and a circuit breaker a provider
 * and model, in one row. Each call here is a short transaction of its own; nobody waits inside one.
 */
@Singleton
public final class RateLimits {
  private static final String TAKE =
      "select wait_seconds, wait_reason from take_rate(?, ?, ?, ?, ?, ?)";

  private static final String GIVE_BACK = "select give_back_rate(?, ?, ?, ?)";

  private static final String REPORT = "select report_rate(?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String REPORT_TOO_LARGE = "select report_too_large(?, ?, ?)";

  private final Transactions transactions;

  RateLimits(Transactions transactions) {
    this.transactions = transactions;
  }

  /** A provider's model, which has limits of its own. */
  public record Bucket(String provider, String model) {}

  /**
   * What the provider allows a minute, as far as it is known.
   *
   * @param requests null where nothing is known
   * @param tokens null where nothing is known
   */
  public record PerMinute(@Nullable Double requests, @Nullable Double tokens) {
    /** Nothing is known. */
    public static final PerMinute UNKNOWN = new PerMinute(null, null);
  }

  /** Whether a call may be made now. */
  public sealed interface Permit {
    /** Now; what was asked for is taken. */
    record Granted() implements Permit {}

    /**
     * Not before this time has gone by; nothing was taken.
     *
     * @param reason {@code rate_limit}, or the breaker's: {@code provider_away} and others
     */
    record Wait(Duration time, String reason) implements Permit {
      /** Whether the provider is not to be asked at all, for want of more than its patience. */
      public boolean isBreakerOpen() {
        return !reason.equals("rate_limit");
      }
    }
  }

  /** What a call has shown of the provider. */
  public sealed interface News {
    /** It answered, well or with a refusal that is the request's own fault. */
    record Answered() implements News {}

    /** It asks for a pause. */
    record Throttled(Duration pause) implements News {}

    /** It is down, or was not reached. */
    record Away() implements News {}

    /** It took the call and fell silent. That may have been paid, so it counts for more. */
    record Silent() implements News {}

    /**
     * It takes no call of ours until a person has done something: key, quota, account.
     *
     * @param reason snake case
     */
    record Blocked(String reason) implements News {}
  }

  /**
   * Takes a request of so many tokens out of the bucket, if it is this tenant's turn.
   *
   * @param assumed the limits until the provider has said its own; neither is null
   */
  public Permit take(Bucket bucket, UUID tenant, long tokens, PerMinute assumed) {
    return transactions.acrossTenants(
        connection ->
            Objects.requireNonNull(
                Sql.queryForRow(
                    connection,
                    TAKE,
                    RateLimits::permit,
                    bucket.provider(),
                    bucket.model(),
                    tenant,
                    (double) tokens,
                    assumed.requests(),
                    assumed.tokens())));
  }

  private static Permit permit(ResultSet row) throws SQLException {
    double seconds = row.getDouble("wait_seconds");
    return seconds > 0
        ? new Permit.Wait(
            Duration.ofMillis((long) Math.ceil(seconds * 1000)), row.getString("wait_reason"))
        : new Permit.Granted();
  }

  /** Returns what was taken for a call that is not made after all. */
  public void giveBack(Bucket bucket, UUID tenant, long tokens) {
    transactions.acrossTenants(
        connection -> {
          var unused =
              Sql.queryForText(
                  connection,
                  GIVE_BACK,
                  bucket.provider(),
                  bucket.model(),
                  tenant,
                  (double) tokens);
          return bucket;
        });
  }

  /**
   * Tells all functions what a call has shown.
   *
   * @param limits as the answer's headers say
   * @param left as the answer's headers say, of this minute
   */
  public void report(Bucket bucket, News news, PerMinute limits, PerMinute left) {
    transactions.acrossTenants(
        connection -> {
          report(connection, bucket, news, limits, left);
          return bucket;
        });
  }

  private static void report(
      Connection connection, Bucket bucket, News news, PerMinute limits, PerMinute left)
      throws SQLException {
    var pause = news instanceof News.Throttled(Duration time) ? time : Duration.ZERO;
    var unused =
        Sql.queryForText(
            connection,
            REPORT,
            bucket.provider(),
            bucket.model(),
            switch (news) {
              case News.Answered answered -> "answered";
              case News.Throttled throttled -> "throttled";
              case News.Away away -> "away";
              case News.Silent silent -> "silent";
              case News.Blocked blocked -> "blocked";
            },
            switch (news) {
              case News.Answered answered -> null;
              case News.Throttled throttled -> "rate_limit";
              case News.Away away -> "provider_away";
              case News.Silent silent -> "provider_away";
              case News.Blocked(String reason) -> reason;
            },
            pause.toMillis() / 1000.0,
            limits.requests(),
            limits.tokens(),
            left.requests(),
            left.tokens());
  }

  /** Tells those who plan requests that one of so many tokens was too large. */
  public void reportTooLarge(Bucket bucket, long tokens) {
    transactions.acrossTenants(
        connection -> {
          var unused =
              Sql.queryForText(
                  connection,
                  REPORT_TOO_LARGE,
                  bucket.provider(),
                  bucket.model(),
                  Math.toIntExact(tokens));
          return bucket;
        });
  }
}
