/**
 * Lambda on one machine: each function in operating-system processes of its own, under the real
 * runtime interface client, with the memory, timeout, concurrency and event sources that the
 * template states.
 */
@NullMarked
package dev.sluice.localstack.lambda;

import org.jspecify.annotations.NullMarked;
