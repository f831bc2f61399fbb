package dev.sluice.sweep;

import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Forgets the nonces of old callbacks: their signatures have long expired. */
@Singleton
final class ForgetNonces implements SweepTask {
  private static final String FORGET =
      """
      delete from webhook_log w
      using (
        select job_id, nonce
        from webhook_log
        where received_at <= clock_timestamp() - make_interval(secs => ?)
          and emitted_at is not null
        order by received_at
        limit ?
        for update skip locked) as old
      where w.job_id = old.job_id and w.nonce = old.nonce
      """;

  private final Transactions transactions;
  private final Duration retention;

  ForgetNonces(
      Transactions transactions, @Property(name = "sluice.nonce-retention") Duration retention) {
    this.transactions = transactions;
    this.retention = retention;
  }

  @Override
  public String name() {
    return "nonces_forgotten";
  }

  @Override
  public int sweepSome() {
    return transactions.acrossTenants(
        connection -> Sql.update(connection, FORGET, (double) retention.toSeconds(), AT_ONCE));
  }
}
