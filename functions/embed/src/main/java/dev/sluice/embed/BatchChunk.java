package dev.sluice.embed;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A chunk that waits for its vector.
 *
 * @param embedSha of the text that the model gets; chunks that share it share the vector
 * @param tokens of that text
 * @param text null for all but the first chunk with that hash
 */
record BatchChunk(UUID chunkId, String embedSha, int tokens, @Nullable String text) {}
