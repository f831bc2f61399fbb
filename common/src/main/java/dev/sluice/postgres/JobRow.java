package dev.sluice.postgres;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.document.StoragePath;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stands in its row, with the name and type of its document.
 *
 * @param standing for how long it has stood in its status, by the database's clock
 */
public record JobRow(
    JobRef job,
    JobStatus status,
    String filename,
    String mimeType,
    @Nullable Instant receivedAt,
    StoragePath rawPath,
    String rawSha256,
    long rawBytes,
    @Nullable StoragePath parsedPath,
    @Nullable String parsedSha256,
    @Nullable String parserName,
    @Nullable String parseJobId,
    @Nullable String chunksVersion,
    int retryCount,
    int attempts,
    @Nullable String failedMessageId,
    String webhookKeyId,
    String webhookSalt,
    String correlationId,
    @Nullable UUID leaseToken,
    Duration standing) {

  /** The row's columns, for a query over {@code upload_jobs j} and {@code documents d}. */
  public static JobRow read(ResultSet row) throws SQLException {
    return new JobRow(
        new JobRef(
            row.getObject("user_id", UUID.class),
            row.getObject("document_id", UUID.class),
            row.getObject("job_id", UUID.class),
            row.getInt("generation")),
        JobStatus.ofWireName(row.getString("status")),
        row.getString("filename"),
        row.getString("mime_type"),
        Sql.instant(row, "received_at"),
        StoragePath.ofUri(row.getString("raw_path")),
        row.getString("raw_sha256"),
        row.getLong("raw_bytes"),
        path(row.getString("parsed_path")),
        row.getString("parsed_sha256"),
        row.getString("parser_name"),
        row.getString("parse_job_id"),
        row.getString("chunks_version"),
        row.getInt("retry_count"),
        row.getInt("attempts"),
        row.getString("failed_message_id"),
        row.getString("webhook_key_id"),
        row.getString("webhook_salt"),
        row.getString("correlation_id"),
        row.getObject("lease_token", UUID.class),
        Sql.seconds(row.getDouble("standing_seconds")));
  }

  /** The same row after a move. */
  public JobRow at(JobStatus newStatus) {
    return new JobRow(
        job,
        newStatus,
        filename,
        mimeType,
        receivedAt,
        rawPath,
        rawSha256,
        rawBytes,
        parsedPath,
        parsedSha256,
        parserName,
        parseJobId,
        chunksVersion,
        retryCount,
        attempts,
        failedMessageId,
        webhookKeyId,
        webhookSalt,
        correlationId,
        leaseToken,
        standing);
  }

  private static @Nullable StoragePath path(@Nullable String uri) {
    return uri == null ? null : StoragePath.ofUri(uri);
  }
}
