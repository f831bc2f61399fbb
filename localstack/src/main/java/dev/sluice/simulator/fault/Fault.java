package dev.sluice.simulator.fault;

import org.jspecify.annotations.Nullable;

/**
 * What happens to one request.
 *
 * @param kind null if nothing happens
 * @param chance bits drawn for this request, by which for example a vector among many is chosen
 */
public record Fault(@Nullable FaultKind kind, Parameters how, long chance) {
  /** Nothing happens. */
  public static final Fault NONE = new Fault(null, Parameters.NONE, 0);

  public boolean is(FaultKind other) {
    return kind == other;
  }

  /** One of so many, from 0. */
  public int oneOf(int many) {
    return (int) Long.remainderUnsigned(chance, many);
  }
}
