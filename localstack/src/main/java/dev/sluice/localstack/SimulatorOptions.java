package dev.sluice.localstack;

import dev.sluice.simulator.fault.FaultPlan;
import dev.sluice.simulator.openai.MinuteLimits;

/**
 * How the simulated providers behave from the start; the running ones can be told otherwise.
 *
 * @param embeddingLimits what may be asked of each embedding model in a minute
 * @param faults what goes wrong with both
 */
public record SimulatorOptions(MinuteLimits embeddingLimits, FaultPlan faults) {
  /** Good providers with a large account. */
  public static final SimulatorOptions GOOD =
      new SimulatorOptions(MinuteLimits.TIER_5, FaultPlan.NONE);
}
