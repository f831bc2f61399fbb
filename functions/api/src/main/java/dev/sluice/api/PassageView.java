package dev.sluice.api;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A passage that the search function gives.
 *
 * @param headingPath a JSON array of strings
 */
@MappedEntity("document_chunks")
record PassageView(
    @Id UUID chunkId,
    UUID documentId,
    String filename,
    @Nullable Integer page,
    @Nullable String section,
    @Nullable String headingPath,
    double score,
    String text) {}
