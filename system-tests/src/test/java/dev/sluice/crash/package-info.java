/**
 * The crash matrix: each function is killed, and each of its steps broken, at each boundary between
 * two steps; then the pipeline is left to itself and must end where it would have ended anyway.
 */
@NullMarked
package dev.sluice.crash;

import org.jspecify.annotations.NullMarked;
