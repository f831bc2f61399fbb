/** What nothing else would redeliver, wake or clean: once a minute, in small batches. */
@NullMarked
package dev.sluice.sweep;

import org.jspecify.annotations.NullMarked;
