/** Canonical text becomes chunks, and the chunks' texts become batches to embed. */
@NullMarked
package dev.sluice.chunk;

import org.jspecify.annotations.NullMarked;
