package dev.sluice.postgres;

import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.util.PSQLException;

/** A paid call that must not be made now: a budget would be exceeded, or paid calls are paused. */
public final class NotAffordable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Of the trigger that reserves. */
  private static final String SQL_STATE = "SL001";

  private static final String PAUSED = "paused";

  private final String scope;

  private NotAffordable(String scope) {
    super(scope, null, false, false);
    this.scope = scope;
  }

  /** For what a look at the budgets says. */
  static NotAffordable of(String scope) {
    return new NotAffordable(scope);
  }

  /** What the failure says, if it is the ledger that refused the call. */
  public static Optional<NotAffordable> in(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && SQL_STATE.equals(sql.getSQLState())) {
        return Optional.of(new NotAffordable(scope(sql)));
      }
    }
    return Optional.empty();
  }

  private static String scope(SQLException refusal) {
    return refusal instanceof PSQLException server && server.getServerErrorMessage() != null
        ? String.valueOf(server.getServerErrorMessage().getMessage())
        : "unknown";
  }

  /** {@code paused}, {@code budget_document}, {@code budget_tenant} or {@code budget_day}. */
  public String code() {
    return scope.equals(PAUSED) ? PAUSED : "budget_" + scope;
  }

  /** For people. */
  public String sentence() {
    return switch (scope) {
      case PAUSED -> "Paid calls are paused.";
      case "day" -> "The tenant's budget for the day is used up.";
      default -> "The " + scope + "'s budget is used up.";
    };
  }
}
