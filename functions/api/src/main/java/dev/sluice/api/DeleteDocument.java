package dev.sluice.api;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes a document at any moment. When this commits, nobody sees it any more and no function can
 * write to it; rows and objects, however many, are then removed by the sweep, slice by slice.
 */
@Singleton
final class DeleteDocument {
  private static final Logger LOG = LoggerFactory.getLogger(DeleteDocument.class);

  /** A generation of its own fences off all that came before it, for good. */
  private static final String FENCE_OFF =
      """
      update documents
      set current_generation = next_generation, deleted_generation = next_generation,
          next_generation = next_generation + 1, active_generation = null,
          filename = '(deleted)', deleted_at = clock_timestamp(), updated_at = clock_timestamp()
      where document_id = ? and deleted_at is null
      """;

  /** What is in flight is cancelled; of what has ended, the failure's sentence goes. */
  private static final String END_JOBS =
      """
      update upload_jobs
      set status = case when ended then status else 'cancelled' end,
          last_error = case
              when ended
                  then last_error || '{"message": "The document was deleted."}'
              else jsonb_build_object(
                  'code', 'document_deleted', 'stage', status,
                  'message', 'The document was deleted.') end,
          lease_token = null, leased_until = null, wait_reason = null, wait_until = null,
          emit_due_at = null,
          buffers_counted_at = coalesce(buffers_counted_at, clock_timestamp()),
          buffers_purged_at = null
      from (
        select job_id as ended_id,
               status in ('complete', 'cancelled', 'failed_parse', 'failed_chunking',
                          'failed_embedding') as ended
        from upload_jobs
        where document_id = ?
        order by job_id
        for update) as standing
      where job_id = ended_id
      returning user_id, document_id, job_id, generation, raw_path
      """;

  private final Transactions transactions;

  DeleteDocument(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Deletes it.
   *
   * @throws Refusal if there is no such document, or no longer
   */
  void delete(Caller caller, UUID documentId) {
    int jobs =
        transactions.asTenant(
            caller.userId(),
            connection -> {
              if (Sql.update(connection, FENCE_OFF, documentId) == 0) {
                throw Refusal.unknownDocument();
              }
              return end(connection, caller, documentId);
            });
    LOG.info("Document {} is deleted with {} jobs; the sweep removes its rows", documentId, jobs);
  }

  private static int end(Connection connection, Caller caller, UUID documentId)
      throws SQLException {
    List<GivenUpTexts.Ended> ended =
        Sql.query(
            connection,
            END_JOBS,
            row ->
                new GivenUpTexts.Ended(
                    new JobRef(
                        row.getObject("user_id", UUID.class),
                        row.getObject("document_id", UUID.class),
                        row.getObject("job_id", UUID.class),
                        row.getInt("generation")),
                    StoragePath.ofUri(row.getString("raw_path"))),
            documentId);
    for (var job : ended) {
      JobActs.record(connection, job.job(), "delete", caller);
    }
    GivenUpTexts.giveUp(connection, caller.userId(), ended);
    return ended.size();
  }
}
