package dev.sluice.api;

import dev.sluice.document.JobRef;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import dev.sluice.telemetry.LogFields;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets search read another complete generation of a document, whose rows are still there: one row
 * changes. What is on its way is not touched, and becomes what search reads when it is complete.
 */
@Singleton
final class RollbackDocument {
  private static final Logger LOG = LoggerFactory.getLogger(RollbackDocument.class);

  /** Holds off a finalize, a deletion, the sweep and another rollback. */
  private static final String LOCK_DOCUMENT =
      """
      select coalesce(active_generation, 0)
      from documents
      where document_id = ? and deleted_at is null
      for no key update
      """;

  /** The wanted one, or of those before the active one the newest that nobody went back from. */
  private static final String FIND =
      """
      select j.user_id, j.document_id, j.job_id, j.generation
      from upload_jobs j
      where j.document_id = ? and j.status = 'complete' and j.purged_at is null
        and (j.generation = ?::integer
          or ?::integer is null and j.generation < ? and j.rolled_back_at is null)
        and (j.progress ->> 'chunks_total')::integer = (
          select count(*)
          from document_chunks p
          where p.document_id = j.document_id and p.generation = j.generation)
      order by j.generation desc
      limit 1
      """;

  private static final String ACTIVATE =
      """
      update documents
      set active_generation = ?, generations_due_at = clock_timestamp(),
          updated_at = clock_timestamp()
      where document_id = ? and active_generation = ? and deleted_at is null
      """;

  private static final String LEAVE =
      """
      update upload_jobs
      set rolled_back_at = clock_timestamp()
      where document_id = ? and generation > ? and generation <= ? and status = 'complete'
        and purged_at is null
      """;

  private static final String COME_BACK =
      """
      update upload_jobs
      set rolled_back_at = null
      where job_id = ? and rolled_back_at is not null
      """;

  private static final String RECORD =
      """
      insert into job_events
        (user_id, job_id, document_id, generation, kind, detail, correlation_id)
      values (?, ?, ?, ?, 'operator',
              jsonb_build_object('act', 'rollback', 'by', ?::text, 'from_generation', ?::integer), ?)
      """;

  private final Transactions transactions;
  private final DocumentRepository documents;

  RollbackDocument(Transactions transactions, DocumentRepository documents) {
    this.transactions = transactions;
    this.documents = documents;
  }

  /**
   * Goes back, and returns the document as it then stands. Named by its number, a generation is
   * reached however often the call is repeated; without a number each call goes one further back.
   *
   * @param wanted null for the generation before the active one
   * @throws Refusal if there is no such document, or no such generation to be read
   */
  DocumentView rollback(Caller caller, UUID documentId, @Nullable Integer wanted) {
    return transactions.asTenant(
        caller.userId(),
        connection -> {
          int active =
              Sql.queryForInt(connection, LOCK_DOCUMENT, documentId)
                  .orElseThrow(Refusal::unknownDocument);
          var target = find(connection, documentId, wanted, active);
          LogFields.job(target, caller.correlationId());
          if (target.generation() != active) {
            swap(connection, target, active, caller);
          }
          return documents.find(documentId).orElseThrow();
        });
  }

  private static JobRef find(
      Connection connection, UUID documentId, @Nullable Integer wanted, int active)
      throws SQLException {
    var found =
        Sql.queryForRow(
            connection,
            FIND,
            row ->
                new JobRef(
                    row.getObject("user_id", UUID.class),
                    row.getObject("document_id", UUID.class),
                    row.getObject("job_id", UUID.class),
                    row.getInt("generation")),
            documentId,
            wanted,
            wanted,
            active);
    if (found == null) {
      throw wanted == null ? Refusal.noPreviousGeneration() : Refusal.generationUnavailable(wanted);
    }
    return found;
  }

  private static void swap(Connection connection, JobRef target, int active, Caller caller)
      throws SQLException {
    var documentId = target.documentId();
    Sql.updateGuarded(connection, ACTIVATE, target.generation(), documentId, active);
    Sql.update(connection, LEAVE, documentId, target.generation(), active);
    Sql.update(connection, COME_BACK, target.jobId());
    Sql.update(
        connection,
        RECORD,
        target.userId(),
        target.jobId(),
        documentId,
        target.generation(),
        caller.userId().toString(),
        active,
        caller.correlationId());
    LOG.info("Search reads generation {} in the place of {}", target.generation(), active);
  }
}
