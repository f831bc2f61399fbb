package dev.sluice.localstack.fault;

import dev.sluice.localstack.fault.Boundary.Side;
import java.util.concurrent.atomic.AtomicBoolean;

/** Decides at each boundary; several threads ask at once. */
@FunctionalInterface
public interface FaultPlan {
  /** Nothing ever happens. */
  FaultPlan NONE = boundary -> Fault.PASS;

  Fault at(Boundary boundary);

  /**
   * One fault, once.
   *
   * @param occurrence which time the step happens, from 1
   */
  static FaultPlan once(String function, String step, int occurrence, Side side, Fault fault) {
    AtomicBoolean fired = new AtomicBoolean();
    return boundary ->
        boundary.function().equals(function)
                && boundary.step().equals(step)
                && boundary.occurrence() == occurrence
                && boundary.side() == side
                && fired.compareAndSet(false, true)
            ? fault
            : Fault.PASS;
  }
}
