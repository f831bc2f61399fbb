package dev.sluice.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant's documents and searches came to at the providers, and what they may.
 *
 * @param paused whether no paid call is made at all
 * @param tenant all of it
 * @param days each one (UTC), the latest first
 */
@Serdeable(naming = SnakeCaseStrategy.class)
record SpendingAnswer(boolean paused, Account tenant, List<Day> days) {
  private static final String TENANT = "tenant";

  /**
   * Millionths of a dollar, with three decimals.
   *
   * @param reservedMicrousd for calls that are not settled
   * @param limitMicrousd null for none
   */
  @Serdeable(naming = SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Account(
      BigDecimal spentMicrousd, BigDecimal reservedMicrousd, @Nullable BigDecimal limitMicrousd) {}

  /** A day's account. */
  @Serdeable(naming = SnakeCaseStrategy.class)
  record Day(LocalDate day, Account account) {}

  /**
   * @param accounts the tenant's and its days', as {@link AccountRepository#accounts} gives them
   */
  static SpendingAnswer of(List<AccountView> accounts) {
    AccountView tenant = accounts.getFirst();
    return new SpendingAnswer(
        tenant.paused(),
        account(tenant),
        accounts.stream()
            .filter(account -> !account.scope().equals(TENANT))
            .map(account -> new Day(LocalDate.parse(account.scopeId()), account(account)))
            .toList());
  }

  private static Account account(AccountView account) {
    return new Account(
        microUsd(account.spentNanousd()),
        microUsd(account.reservedNanousd()),
        account.limitNanousd() == null ? null : microUsd(account.limitNanousd()));
  }

  private static BigDecimal microUsd(long nanoUsd) {
    return BigDecimal.valueOf(nanoUsd, 3);
  }
}
