package dev.sluice.api;

import dev.sluice.callback.CallbackKeys;
import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** Documents and their jobs, as a call opens them. */
@Singleton
final class JobOpening {
  private static final String INSERT_DOCUMENT =
      """
      insert into documents (document_id, user_id, filename, mime_type)
      values (?, ?, ?, ?)
      on conflict (document_id) do nothing
      """;

  /** The row's lock makes the numbers follow each other, however many calls come at once. */
  private static final String ALLOT =
      """
      update documents
      set next_generation = next_generation + 1, filename = ?, mime_type = ?,
          updated_at = clock_timestamp()
      where document_id = ? and deleted_at is null
      returning next_generation - 1
      """;

  /** The parse stage names the master key when it gives the parser its secret. */
  private static final String INSERT_JOB =
      """
      insert into upload_jobs
        (job_id, user_id, document_id, generation, raw_path, raw_sha256, raw_bytes,
         webhook_secret, correlation_id)
      values (?, ?, ?, ?, ?, ?, ?, jsonb_build_object('kid', '', 'salt', ?::text), ?)
      """;

  private final Transactions transactions;

  JobOpening(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Opens a job of the document, which is new or has the same bytes. */
  JobRef open(Caller caller, UUID documentId, NewDocument.Valid document) {
    return transactions.asTenant(
        caller.userId(),
        connection -> {
          Sql.update(
              connection,
              INSERT_DOCUMENT,
              documentId,
              caller.userId(),
              document.filename(),
              document.mimeType());
          return openNext(connection, caller, documentId, document, Refusal.deletedDocument());
        });
  }

  /**
   * Opens the next generation's job of a document that is there.
   *
   * @throws Refusal if it is not there, deleted or another tenant's
   */
  JobRef openNext(Caller caller, UUID documentId, NewDocument.Valid document) {
    return transactions.asTenant(
        caller.userId(),
        connection ->
            openNext(connection, caller, documentId, document, Refusal.unknownDocument()));
  }

  private static JobRef openNext(
      Connection connection,
      Caller caller,
      UUID documentId,
      NewDocument.Valid document,
      Refusal ifNotThere)
      throws SQLException {
    var generation =
        Sql.queryForText(connection, ALLOT, document.filename(), document.mimeType(), documentId);
    if (generation == null) {
      throw ifNotThere;
    }
    var job = JobRef.of(caller.userId(), documentId, Integer.parseInt(generation));
    Sql.update(
        connection,
        INSERT_JOB,
        job.jobId(),
        job.userId(),
        job.documentId(),
        job.generation(),
        StoragePath.raw(job, document.extension()).uri(),
        document.sha256(),
        document.sizeBytes(),
        CallbackKeys.freshSalt(),
        caller.correlationId());
    return job;
  }
}
