package dev.sluice.sweep;

import dev.sluice.message.EmbedMessage;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/** A job's batches. */
@Singleton
final class OpenBatches {
  private static final String FIRST =
      """
      select batch_id, batch_no
      from embedding_batches
      where job_id = ?
      order by state = 'planned' desc, batch_no
      limit 1
      """;

  private final Transactions transactions;

  OpenBatches(Transactions transactions) {
    this.transactions = transactions;
  }

  /** The message of the job's first open batch, or of its first if none is open. */
  Optional<EmbedMessage> firstOf(SweptJob swept) {
    return transactions.acrossTenants(
        connection ->
            Optional.ofNullable(
                Sql.queryForRow(
                    connection,
                    FIRST,
                    row ->
                        new EmbedMessage(
                            swept.job(),
                            row.getObject("batch_id", UUID.class),
                            row.getInt("batch_no"),
                            swept.retryCount(),
                            swept.correlationId()),
                    swept.job().jobId())));
  }
}
