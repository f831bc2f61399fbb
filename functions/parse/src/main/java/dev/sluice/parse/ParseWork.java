package dev.sluice.parse;

import dev.sluice.message.ParseMessage;
import dev.sluice.postgres.JobRow;
import java.util.UUID;

/**
 * A job that this invocation holds.
 *
 * @param job the row as it was claimed
 * @param lease names the claim in every write
 */
record ParseWork(ParseMessage message, JobRow job, UUID lease) {}
