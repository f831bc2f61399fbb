/** What the benchmarks do as the finalize function. */
@org.jspecify.annotations.NullMarked
package dev.sluice.finalize;
