/** How fast vectors are written, beside COPY and the peers' stores. */
@NullMarked
package dev.sluice.vectors;

import org.jspecify.annotations.NullMarked;
