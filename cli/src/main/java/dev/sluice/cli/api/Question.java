package dev.sluice.cli.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** A search; without a document it looks through all of the user's. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Question(String query, int topK, @Nullable String documentId) {}
