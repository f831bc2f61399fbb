package dev.sluice.chunk;

/**
 * A text to embed, without the text.
 *
 * @param embedSha of the exact bytes sent to the model
 * @param tokens cl100k, as the model counts them
 */
record EmbedText(String embedSha, int tokens) {}
