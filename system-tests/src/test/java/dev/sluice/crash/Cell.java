package dev.sluice.crash;

import dev.sluice.localstack.fault.Boundary;
import dev.sluice.localstack.fault.Boundary.Side;
import dev.sluice.localstack.fault.Fault;
import dev.sluice.localstack.fault.FaultPlan;
import java.util.Locale;

/**
 * One fault at one boundary.
 *
 * @param cold whether the boundary belongs to a process's start, which must be made to happen
 * @param act what a user does there, or what document it is; empty while an ordinary one goes its
 *     way
 */
record Cell(
    String function,
    String step,
    int occurrence,
    Side side,
    Fault fault,
    boolean cold,
    String act) {
  static Cell of(Boundary boundary, Fault fault, boolean cold, String act) {
    return new Cell(
        boundary.function(),
        boundary.step(),
        boundary.occurrence(),
        boundary.side(),
        fault,
        cold,
        act);
  }

  FaultPlan plan() {
    return FaultPlan.once(function, step, occurrence, side, fault);
  }

  /** As the report's table calls the boundary. */
  String boundary() {
    return side.name().toLowerCase(Locale.ROOT)
        + " "
        + step
        + (occurrence == 1 ? "" : " #" + occurrence)
        + (cold ? " (start)" : "")
        + (act.isEmpty() ? "" : " (" + act + ")");
  }

  String name() {
    return function + ", " + boundary() + ": " + fault.name().toLowerCase(Locale.ROOT);
  }
}
