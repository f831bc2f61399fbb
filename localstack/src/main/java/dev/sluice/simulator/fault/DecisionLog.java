package dev.sluice.simulator.fault;

import java.util.List;

/**
 * What was decided since the plan began, for the operations that the plan names.
 *
 * @param forgotten how many of the oldest decisions are not kept any more
 * @param decisions by operation and number, in whatever order the requests came
 */
public record DecisionLog(long seed, long forgotten, List<Decision> decisions) {}
