package dev.sluice.embedding;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Texts to be embedded, and who pays.
 *
 * @param jobId null for a search
 * @param batchId null for a search
 * @param texts none empty; at most 2,048 of at most 8,192 tokens
 * @param tokens their number, or an estimate
 * @param remaining what is left of the time in which the answer is of use; a call that might take
 *     longer is not begun
 * @param longestWait how long the call may wait in place for its turn, if the time allows it
 */
public record EmbeddingOrder(
    UUID userId,
    @Nullable UUID jobId,
    @Nullable UUID batchId,
    String operation,
    List<String> texts,
    long tokens,
    Supplier<Duration> remaining,
    Duration longestWait) {}
