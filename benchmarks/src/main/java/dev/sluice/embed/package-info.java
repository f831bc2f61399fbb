/** What the benchmarks do as the embed function. */
@org.jspecify.annotations.NullMarked
package dev.sluice.embed;
