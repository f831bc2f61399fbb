package dev.sluice.cli.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A document about to be uploaded.
 *
 * @param sha256 of the bytes, lower-case hex
 * @param documentId null lets Sluice derive it from the user and the bytes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewDocument(
    String filename, String mimeType, long sizeBytes, String sha256, @Nullable String documentId) {}
