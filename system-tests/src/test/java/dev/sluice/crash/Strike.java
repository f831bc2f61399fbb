package dev.sluice.crash;

import dev.sluice.localstack.fault.Boundary;
import dev.sluice.localstack.fault.Fault;
import dev.sluice.localstack.fault.FaultPlan;
import dev.sluice.localstack.fault.PipelineClock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A cell's one fault, which remembers when it happened. */
final class Strike implements FaultPlan {
  private final FaultPlan plan;
  private final PipelineClock clock;
  private final AtomicReference<@Nullable Instant> when = new AtomicReference<>();

  Strike(Cell cell, PipelineClock clock) {
    this.plan = cell.plan();
    this.clock = clock;
  }

  @Override
  public Fault at(Boundary boundary) {
    var fault = plan.at(boundary);
    if (fault != Fault.PASS) {
      when.set(clock.instant());
    }
    return fault;
  }

  /** In pipeline time; null if the boundary was not reached. */
  @Nullable Instant when() {
    return when.get();
  }
}
