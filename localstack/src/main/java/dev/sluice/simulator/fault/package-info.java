/**
 * Providers that misbehave as they are told. A plan says which answers and callbacks go wrong and
 * how; what becomes of the n-th request is the same in every run of the same plan.
 */
@NullMarked
package dev.sluice.simulator.fault;

import org.jspecify.annotations.NullMarked;
