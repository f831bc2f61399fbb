package dev.sluice.embedding;

/** An answer with what came beside it. */
record EmbeddingExchange(EmbeddingAnswer answer, RateHeaders rates) {}
