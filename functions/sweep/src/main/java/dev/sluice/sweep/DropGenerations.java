package dev.sluice.sweep;

import dev.sluice.postgres.GivenUpTexts;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up the complete generations of a document that are older than the active one and no longer
 * kept: they can no longer be put back from here on, and {@link PurgeBuffers} removes their rows
 * slice by slice. Never the active one, and none that is newer: a rollback can be undone.
 */
@Singleton
final class DropGenerations implements SweepTask {
  private static final Logger LOG = LoggerFactory.getLogger(DropGenerations.class);

  /** The lock holds off a rollback to what is being given up. */
  private static final String NEXT =
      """
      select document_id
      from documents
      where generations_due_at is not null
      order by generations_due_at
      limit 1
      for no key update skip locked
      """;

  /** What somebody went back from does not count among those that are kept. */
  private static final String NO_LONGER_KEPT =
      """
      select user_id, document_id, job_id, generation, raw_path
      from (
        select j.*, row_number() over (
                 partition by j.rolled_back_at is null order by j.generation desc) as nth
        from upload_jobs j
        join documents d on d.document_id = j.document_id and j.generation < d.active_generation
        where j.document_id = ? and j.status = 'complete' and j.purged_at is null) older
      where rolled_back_at is not null or nth >= ?
      order by job_id
      """;

  private static final String DONE =
      """
      update documents set generations_due_at = null where document_id = ?
      """;

  private final Transactions transactions;
  private final int keep;

  /**
   * @param keep complete generations of a document, the active one among them; at least 1
   */
  DropGenerations(Transactions transactions, @Property(name = "sluice.keep-generations") int keep) {
    if (keep < 1) {
      throw new IllegalArgumentException("KEEP_GENERATIONS is at least 1, not " + keep);
    }
    this.transactions = transactions;
    this.keep = keep;
  }

  @Override
  public String name() {
    return "documents_with_new_generation";
  }

  /** A transaction each: two documents' texts are never locked at once. */
  @Override
  public int sweepSome() {
    int documents = 0;
    while (documents < AT_ONCE && transactions.acrossTenants(this::dropOfOne)) {
      documents++;
    }
    return documents;
  }

  private boolean dropOfOne(Connection connection) throws SQLException {
    var due = Sql.queryForText(connection, NEXT);
    if (due == null) {
      return false;
    }
    var documentId = UUID.fromString(due);
    var dropped = Sql.query(connection, NO_LONGER_KEPT, EndedJobs::read, documentId, keep);
    if (!dropped.isEmpty()) {
      drop(connection, dropped);
    }
    Sql.update(connection, DONE, documentId);
    return true;
  }

  private static void drop(Connection connection, List<GivenUpTexts.Ended> dropped)
      throws SQLException {
    EndedJobs.giveUp(connection, dropped);
    for (var ended : dropped) {
      LOG.info(
          "Generation {} of document {} is no longer kept",
          ended.job().generation(),
          ended.job().documentId());
    }
  }
}
