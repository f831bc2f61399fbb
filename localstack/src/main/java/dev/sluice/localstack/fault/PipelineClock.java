package dev.sluice.localstack.fault;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The machine's time and an offset that only grows: what would be waited for is jumped over. */
public final class PipelineClock implements InstantSource {
  private final InstantSource machine;
  private volatile Duration offset = Duration.ZERO;

  public PipelineClock(InstantSource machine) {
    this.machine = machine;
  }

  @Override
  public Instant instant() {
    return machine.instant().plus(offset);
  }

  public Duration offset() {
    return offset;
  }

  /** Goes on by so much at once. */
  public synchronized void jump(Duration forward) {
    offset = offset.plus(forward);
  }
}
