package dev.sluice.cli.api;

import org.jspecify.annotations.Nullable;

/**
 * A document and which of its generations search reads.
 *
 * @param activeGeneration what search reads; null before the first is complete
 * @param previousGeneration what a rollback puts in its place; null if there is none
 */
public record Document(
    String documentId,
    @Nullable String filename,
    int currentGeneration,
    @Nullable Integer activeGeneration,
    @Nullable Integer previousGeneration) {}
