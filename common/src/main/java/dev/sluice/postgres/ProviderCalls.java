package dev.sluice.postgres;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of paid calls. A call is written down before it is made, with its estimated price, and
 * settled when its price is known; one that stays open is counted at its estimate.
 */
@Singleton
public final class ProviderCalls {
  private static final String START =
      """
      insert into provider_calls
        (call_id, user_id, job_id, batch_id, provider, operation, model, tokens, cost_nanousd)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String NOT_AFFORDABLE = "select not_affordable(?, ?, ?)";

  private static final String SETTLE =
      """
      update provider_calls
      set state = 'settled', outcome = ?, tokens = ?, cost_nanousd = ?, request_id = ?,
          settled_at = clock_timestamp()
      where call_id = ? and state <> 'settled'
      """;

  private static final String CLOSE_AS_UNKNOWN =
      """
      update provider_calls
      set state = 'unknown', outcome = ?, settled_at = clock_timestamp()
      where call_id = ? and state = 'started'
      """;

  private final Transactions transactions;

  ProviderCalls(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * A call about to be made.
   *
   * @param tokens estimated
   * @param costNanoUsd estimated, in nano-dollars
   */
  public record PaidCall(
      UUID callId,
      UUID userId,
      @Nullable UUID jobId,
      @Nullable UUID batchId,
      String provider,
      String operation,
      String model,
      long tokens,
      long costNanoUsd) {}

  /**
   * How a call ended.
   *
   * @param outcome {@code ok}, or the failure's code
   * @param costNanoUsd in nano-dollars
   */
  public record Settlement(
      String outcome, long tokens, long costNanoUsd, @Nullable String requestId) {
    /** For a call that is charged. */
    public static Settlement paid(
        String outcome, long tokens, long costNanoUsd, @Nullable String requestId) {
      return new Settlement(outcome, tokens, costNanoUsd, requestId);
    }

    /** For a call that failed without a charge. */
    public static Settlement free(String outcome) {
      return new Settlement(outcome, 0, 0, null);
    }

    /** The same charge, for a result that could not be stored. */
    public Settlement as(String newOutcome) {
      return new Settlement(newOutcome, tokens, costNanoUsd, requestId);
    }
  }

  /**
   * A look at pause and budgets before a provider's limit is used for a call. It reserves nothing:
   * {@link #start} may still refuse.
   *
   * @param costNanoUsd estimated, in nano-dollars
   * @throws NotAffordable if a budget would be exceeded, or paid calls are paused
   */
  public void requireAffordable(UUID userId, @Nullable UUID jobId, long costNanoUsd) {
    var scope =
        transactions.asTenant(
            userId,
            connection ->
                Optional.ofNullable(
                    Sql.queryForText(connection, NOT_AFFORDABLE, userId, jobId, costNanoUsd)));
    scope.ifPresent(
        one -> {
          throw NotAffordable.of(one);
        });
  }

  /**
   * Commits the row, in a transaction of its own.
   *
   * @throws NotAffordable if a budget would be exceeded, or paid calls are paused
   */
  public void start(PaidCall call) {
    try {
      insert(call);
    } catch (RuntimeException e) {
      throw NotAffordable.in(e).<RuntimeException>map(refusal -> refusal).orElse(e);
    }
  }

  private void insert(PaidCall call) {
    transactions.asTenant(
        call.userId(),
        connection ->
            Sql.update(
                connection,
                START,
                call.callId(),
                call.userId(),
                call.jobId(),
                call.batchId(),
                call.provider(),
                call.operation(),
                call.model(),
                call.tokens(),
                call.costNanoUsd()));
  }

  /** Settles in the transaction that stores the call's result. */
  public static void settle(Connection connection, UUID callId, Settlement settlement)
      throws SQLException {
    Sql.update(
        connection,
        SETTLE,
        settlement.outcome(),
        settlement.tokens(),
        settlement.costNanoUsd(),
        settlement.requestId(),
        callId);
  }

  /** Settles alone: there is no result, or it could not be stored. */
  public void settle(UUID userId, UUID callId, Settlement settlement) {
    transactions.asTenant(
        userId,
        connection -> {
          settle(connection, callId, settlement);
          return callId;
        });
  }

  /** Nobody knows whether it is charged: it is counted at its estimate. */
  public void closeAsUnknown(UUID userId, UUID callId, String outcome) {
    transactions.asTenant(
        userId, connection -> Sql.update(connection, CLOSE_AS_UNKNOWN, outcome, callId));
  }
}
