@NullMarked
package dev.sluice.chunk;

import org.jspecify.annotations.NullMarked;
