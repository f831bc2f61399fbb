/**
 * Vectors from OpenAI: one thin client, every answer a type, every paid attempt in the ledger. Only
 * functions that set {@code sluice.openai-secret} have these beans.
 */
@NullMarked
package dev.sluice.embedding;

import org.jspecify.annotations.NullMarked;
