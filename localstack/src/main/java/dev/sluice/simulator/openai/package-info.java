/**
 * The OpenAI embeddings API on one machine: the protocol, limits and errors of the provider, with
 * vectors computed from the words of the text.
 */
@NullMarked
package dev.sluice.simulator.openai;

import org.jspecify.annotations.NullMarked;
