package dev.sluice.simulator.fault;

import java.util.List;

/**
 * What shall go wrong. The first rule that strikes a request is what happens to it.
 *
 * @param seed decides every draw: the same plan does the same to the n-th request in each run
 */
public record FaultPlan(long seed, List<FaultRule> rules) {
  /** Nothing goes wrong. */
  public static final FaultPlan NONE = new FaultPlan(0, List.of());

  private static final int FRACTION_BITS = 53;

  public FaultPlan {
    rules = List.copyOf(rules);
  }

  public static FaultPlan of(long seed, FaultRule... rules) {
    return new FaultPlan(seed, List.of(rules));
  }

  /** The draw of a rule for its n-th request: 64 bits that depend on nothing else. */
  long draw(int rule, long n) {
    return mixed(mixed(mixed(seed) + rule) + n);
  }

  /** The same as a number from 0 to below 1. */
  static double fraction(long draw) {
    return (draw >>> (Long.SIZE - FRACTION_BITS)) * 0x1.0p-53;
  }

  /** SplitMix64 (Steele, Lea and Flood, 2014): neighbouring inputs give unrelated outputs. */
  private static long mixed(long value) {
    long bits = value + 0x9e3779b97f4a7c15L;
    bits = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    bits = (bits ^ (bits >>> 27)) * 0x94d049bb133111ebL;
    return bits ^ (bits >>> 31);
  }
}
