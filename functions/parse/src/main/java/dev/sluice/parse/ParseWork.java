package dev.sluice.parse;

import dev.sluice.document.JobStatus;
import dev.sluice.message.ParseMessage;
import dev.sluice.postgres.JobRow;
import java.util.UUID;

/**
 * A job that this invocation holds.
 *
 * @param job the row as it was claimed
 * @param lease names the claim in every write
 */
record ParseWork(ParseMessage message, JobRow job, UUID lease) {
  /** After this invocation has moved the job. */
  ParseWork at(JobStatus status) {
    return new ParseWork(message, job.at(status), lease);
  }
}
