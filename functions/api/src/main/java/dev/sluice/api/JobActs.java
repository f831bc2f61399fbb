package dev.sluice.api;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** What operators' calls have in common: the job that is meant, and the trace of the act. */
final class JobActs {
  /** What holds this holds off every stage's writes to the document. */
  private static final String LOCK_DOCUMENT =
      """
      select coalesce(deleted_generation, 0)
      from documents
      where document_id = ? and deleted_at is null
      for no key update
      """;

  private static final String LOCK_LATEST =
      """
      select user_id, document_id, job_id, generation, status, retry_count, correlation_id,
             received_at is not null as has_bytes
      from upload_jobs
      where document_id = ? and generation > ?
      order by generation desc
      limit 1
      for update
      """;

  private static final String RECORD =
      """
      insert into job_events
        (user_id, job_id, document_id, generation, kind, detail, correlation_id)
      values (?, ?, ?, ?, 'operator', jsonb_build_object('act', ?::text, 'by', ?::text), ?)
      """;

  private JobActs() {}

  /**
   * The job and where it stands.
   *
   * @param hasBytes whether what was announced has arrived
   */
  record Standing(
      JobRef job, JobStatus status, int retryCount, String correlationId, boolean hasBytes) {}

  /**
   * Locks the document and the job of its latest generation; empty if there is no such document.
   */
  static Optional<Standing> lockLatest(Connection connection, UUID documentId) throws SQLException {
    var deleted = Sql.queryForText(connection, LOCK_DOCUMENT, documentId);
    return deleted == null
        ? Optional.empty()
        : Optional.ofNullable(
            Sql.queryForRow(
                connection,
                LOCK_LATEST,
                row ->
                    new Standing(
                        new JobRef(
                            row.getObject("user_id", UUID.class),
                            row.getObject("document_id", UUID.class),
                            row.getObject("job_id", UUID.class),
                            row.getInt("generation")),
                        JobStatus.ofWireName(row.getString("status")),
                        row.getInt("retry_count"),
                        row.getString("correlation_id"),
                        row.getBoolean("has_bytes")),
                documentId,
                Integer.parseInt(deleted)));
  }

  /** Writes the act into the audit trail, in the transaction that does it. */
  static void record(Connection connection, JobRef job, String act, Caller caller)
      throws SQLException {
    Sql.update(
        connection,
        RECORD,
        job.userId(),
        job.jobId(),
        job.documentId(),
        job.generation(),
        act,
        caller.userId().toString(),
        caller.correlationId());
  }
}
