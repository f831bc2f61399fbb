package dev.sluice.cli.api;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waiting between two questions to a server; tests do not wait. */
@FunctionalInterface
public interface Pause {
  /** Parks the calling thread; an interrupt ends the pause early and stays set. */
  Pause REAL = length -> LockSupport.parkNanos(length.toNanos());

  void pause(Duration length);
}
