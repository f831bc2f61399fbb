package dev.sluice.simulator.fault;

/** One thing that goes wrong, to what, how often, and how exactly. */
public record FaultRule(Operation operation, FaultKind fault, Selection when, Parameters how) {
  /** It happens to every request. */
  public static FaultRule always(Operation operation, FaultKind fault) {
    return new FaultRule(operation, fault, Selection.ALWAYS, Parameters.NONE);
  }

  public FaultRule with(Selection selection) {
    return new FaultRule(operation, fault, selection, how);
  }

  public FaultRule with(Parameters parameters) {
    return new FaultRule(operation, fault, when, parameters);
  }
}
