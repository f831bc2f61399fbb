package dev.sluice.sweep;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** What a message to a job's stage needs. */
record SweptJob(JobRef job, JobStatus status, int retryCount, String correlationId) {
  /** Of a row with the job's columns. */
  static SweptJob read(ResultSet row) throws SQLException {
    return new SweptJob(
        new JobRef(
            row.getObject("user_id", UUID.class),
            row.getObject("document_id", UUID.class),
            row.getObject("job_id", UUID.class),
            row.getInt("generation")),
        JobStatus.ofWireName(row.getString("status")),
        row.getInt("retry_count"),
        row.getString("correlation_id"));
  }
}
