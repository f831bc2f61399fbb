package dev.sluice.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A document, as its user sees it.
 *
 * @param currentGeneration the newest whose bytes have arrived; 0 before the first
 * @param activeGeneration the one that search reads; null before the first is complete
 * @param previousGeneration the one that a rollback puts in its place; null if there is none
 */
@MappedEntity("documents")
@JsonInclude(JsonInclude.Include.ALWAYS)
@Serdeable(naming = SnakeCaseStrategy.class)
record DocumentView(
    @Id UUID documentId,
    String filename,
    String mimeType,
    int currentGeneration,
    @Nullable Integer activeGeneration,
    @Nullable Integer previousGeneration,
    Instant createdAt) {}
