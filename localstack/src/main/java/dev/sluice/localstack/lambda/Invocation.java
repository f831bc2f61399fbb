package dev.sluice.localstack.lambda;

import java.time.Instant;

/**
 * One event on its way to a process.
 *
 * @param deadline when the process is killed
 */
record Invocation(
    String requestId, byte[] event, Instant deadline, String functionArn, String traceId) {}
