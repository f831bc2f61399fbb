package dev.sluice.webhook;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * The few columns of a job that the webhook may read.
 *
 * @param parserName null until the job was handed to a parser
 * @param keyId empty until then
 */
record CallbackJob(
    JobRef job,
    @Nullable String parserName,
    String keyId,
    String salt,
    int retryCount,
    String correlationId,
    JobStatus status) {}
