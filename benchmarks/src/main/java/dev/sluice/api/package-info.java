/** What the benchmarks do as the API. */
@org.jspecify.annotations.NullMarked
package dev.sluice.api;
