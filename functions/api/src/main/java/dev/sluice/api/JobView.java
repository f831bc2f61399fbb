package dev.sluice.api;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job's row with what is counted for it.
 *
 * @param pages null before the parser has counted them
 * @param pagesMissing a JSON array of numbers, null if there are none
 * @param chunksTotal null before the text is chunked
 * @param chunksReused whose vectors the tenant had bought before; tokensReused is what those would
 *     have been bought for
 * @param unembeddable chunks that go without a vector, since the provider refused their text
 * @param parsedAt when its text was stored, the last time if there were several; so for the others
 */
@MappedEntity("upload_jobs")
record JobView(
    @Id UUID jobId,
    UUID documentId,
    int generation,
    String filename,
    String status,
    @Nullable String errorCode,
    @Nullable String errorMessage,
    @Nullable String errorStage,
    @Nullable String waitReason,
    @Nullable Instant waitUntil,
    String correlationId,
    @Nullable Integer pages,
    @Nullable String pagesMissing,
    @Nullable Integer chunksTotal,
    @Nullable Integer chunksReused,
    long tokensReused,
    int chunksDone,
    int batchesTotal,
    int batchesDone,
    int embedsDone,
    int unembeddable,
    long tokens,
    long costNanousd,
    @Nullable Instant receivedAt,
    @Nullable Instant parsedAt,
    @Nullable Instant validatedAt,
    @Nullable Instant chunkedAt,
    @Nullable Instant embeddedAt,
    @Nullable Instant completedAt,
    Instant createdAt,
    Instant updatedAt) {}
