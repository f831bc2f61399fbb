package dev.sluice.api;

import dev.sluice.postgres.Transactions;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;

/** {@code /spending}. */
@Controller("/spending")
final class SpendingController {
  private static final int MOST = 366;

  private final AccountRepository accounts;
  private final Transactions transactions;

  SpendingController(AccountRepository accounts, Transactions transactions) {
    this.accounts = accounts;
    this.transactions = transactions;
  }

  /**
   * @param days up to today, 1 to 366
   */
  @Get
  SpendingAnswer get(Caller caller, @QueryValue(defaultValue = "30") int days) {
    if (days < 1 || days > MOST) {
      throw Refusal.invalid("days", "The days must be between 1 and 366.");
    }
    return SpendingAnswer.of(
        transactions.asTenant(caller.userId(), connection -> accounts.accounts(days)));
  }
}
