package dev.sluice.api;

import dev.sluice.callback.CallbackKeys;
import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.document.StoragePath;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** Documents and their jobs, as a call opens them. */
@Singleton
final class JobOpening {
  /** Calls with one key follow each other. */
  private static final String LOCK_DOCUMENT =
      "select 1 from documents where document_id = ? for no key update";

  private static final String FIND_OPENED =
      """
      select generation, status, raw_sha256,
             status = 'cancelled' or generation <= coalesce(deleted_generation, 0)
               or received_at is null
                 and (status <> 'uploaded' or generation < current_generation) as closed,
             received_at is null as awaits_bytes
      from upload_jobs
      join documents using (document_id)
      where document_id = ? and idempotency_key = ?
      """;

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

  /** The same bytes after their deletion: the generation that deleted them stays behind. */
  private static final String ALLOT_OR_REVIVE =
      """
      update documents
      set next_generation = next_generation + 1, filename = ?, mime_type = ?, deleted_at = null,
          updated_at = clock_timestamp()
      where document_id = ?
      returning next_generation - 1
      """;

  /** The parse stage names the master key when it gives the parser its secret. */
  private static final String INSERT_JOB =
      """
      insert into upload_jobs
        (job_id, user_id, document_id, generation, raw_path, raw_sha256, raw_bytes,
         webhook_secret, correlation_id, idempotency_key)
      values (?, ?, ?, ?, ?, ?, ?, jsonb_build_object('kid', '', 'salt', ?::text), ?, ?)
      """;

  private final Transactions transactions;

  JobOpening(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * A job that was opened, by this call or an earlier one with its key.
   *
   * @param status {@code uploaded}, unless the job has gone on since
   * @param awaitsBytes whether they may still be uploaded; once they have arrived they may not
   */
  record Opened(JobRef job, String status, boolean awaitsBytes) {}

  /**
   * Opens a job of the document, which is new or has the same bytes, perhaps deleted since.
   *
   * @throws Refusal if the key's earlier upload has come to nothing
   */
  Opened open(Caller caller, IdempotencyKey key, UUID documentId, NewDocument.Valid document) {
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
          return openNext(connection, ALLOT_OR_REVIVE, caller, key, documentId, document);
        });
  }

  /**
   * Opens the next generation's job of a document that is there.
   *
   * @throws Refusal if it is not there, deleted or another tenant's, or if the key came with other
   *     bytes before, or its earlier upload has come to nothing
   */
  Opened openNext(Caller caller, IdempotencyKey key, UUID documentId, NewDocument.Valid document) {
    return transactions.asTenant(
        caller.userId(),
        connection -> openNext(connection, ALLOT, caller, key, documentId, document));
  }

  private static Opened openNext(
      Connection connection,
      String allot,
      Caller caller,
      IdempotencyKey key,
      UUID documentId,
      NewDocument.Valid document)
      throws SQLException {
    var unused = Sql.queryForText(connection, LOCK_DOCUMENT, documentId);
    var opened =
        Sql.queryForRow(
            connection,
            FIND_OPENED,
            row -> openedBefore(caller, documentId, document, row),
            documentId,
            key.value());
    if (opened != null) {
      return opened;
    }
    var generation =
        Sql.queryForText(connection, allot, document.filename(), document.mimeType(), documentId);
    if (generation == null) {
      throw Refusal.unknownDocument();
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
        caller.correlationId(),
        key.value());
    return new Opened(job, JobStatus.UPLOADED.wireName(), true);
  }

  private static Opened openedBefore(
      Caller caller, UUID documentId, NewDocument.Valid document, ResultSet row)
      throws SQLException {
    if (!row.getString("raw_sha256").equals(document.sha256())) {
      throw Refusal.keyOfOtherBytes();
    }
    if (row.getBoolean("closed")) {
      throw Refusal.uploadClosed();
    }
    return new Opened(
        JobRef.of(caller.userId(), documentId, row.getInt("generation")),
        row.getString("status"),
        row.getBoolean("awaits_bytes"));
  }
}
