/** What the benchmarks of the database share. */
@org.jspecify.annotations.NullMarked
package dev.sluice.bench;
