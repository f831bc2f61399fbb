/**
 * LlamaParse v2 on one machine: submissions by address and by upload, polling, results behind
 * expiring addresses and signed callbacks, over a parser that really parses.
 */
@NullMarked
package dev.sluice.simulator.llamaparse;

import org.jspecify.annotations.NullMarked;
