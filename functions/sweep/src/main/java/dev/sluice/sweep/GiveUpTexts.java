package dev.sluice.sweep;

import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.postgres.GivenUpTexts;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * Takes text and objects from cancelled jobs; what another job refers to stays, and what a newer
 * generation on its way to its chunks may still take over.
 */
@Singleton
final class GiveUpTexts implements SweepTask {
  private static final String NEXT =
      """
      select user_id, document_id, job_id, generation, raw_path
      from upload_jobs j
      where status = 'cancelled' and purged_at is null
        and not exists (
          select from upload_jobs n
          where n.document_id = j.document_id and n.generation > j.generation
            and n.received_at is not null
            and n.status in ('uploaded', 'parse_queued', 'parsed', 'parse_validated', 'chunking'))
      order by job_id
      limit 1
      for update skip locked
      """;

  private final Transactions transactions;

  GiveUpTexts(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public String name() {
    return "texts_given_up";
  }

  /** A transaction each: two jobs' texts are never locked at once. */
  @Override
  public int sweepSome() {
    int given = 0;
    while (given < AT_ONCE && transactions.acrossTenants(GiveUpTexts::giveUpOne)) {
      given++;
    }
    return given;
  }

  private static boolean giveUpOne(Connection connection) throws SQLException {
    var ended =
        Sql.queryForRow(
            connection,
            NEXT,
            row ->
                new GivenUpTexts.Ended(
                    new JobRef(
                        row.getObject("user_id", UUID.class),
                        row.getObject("document_id", UUID.class),
                        row.getObject("job_id", UUID.class),
                        row.getInt("generation")),
                    StoragePath.ofUri(row.getString("raw_path"))));
    if (ended == null) {
      return false;
    }
    GivenUpTexts.giveUp(connection, ended.job().userId(), List.of(ended));
    return true;
  }
}
