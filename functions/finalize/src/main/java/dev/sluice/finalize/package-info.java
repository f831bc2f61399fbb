/** Checks that a document is whole, promotes it, and lets search read it. */
@NullMarked
package dev.sluice.finalize;

import org.jspecify.annotations.NullMarked;
