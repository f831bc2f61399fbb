package dev.sluice.localstack.lambda;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Counts one poller's receives, which follow one another, and tells those who wait for one. */
final class PollCount {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long begun;
  private long ended;
  private boolean wanted;

  void begin() {
    lock.lock();
    try {
      begun++;
      wanted = false;
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      ended = begun;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Pauses for so long, or until somebody wants a receive. */
  void pause(Duration most) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = most.toNanos();
      while (!wanted && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Wants a receive that begins from now on; returns its number. */
  long want() {
    lock.lock();
    try {
      wanted = true;
      changed.signalAll();
      return begun + 1;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the end of that receive.
   *
   * @param possible whether one can still be expected; the poller itself may be waiting for a place
   */
  void await(long number, BooleanSupplier possible) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (ended < number && possible.getAsBoolean()) {
        changed.awaitNanos(LOOK_NANOS);
      }
    } finally {
      lock.unlock();
    }
  }
}
