package dev.sluice.localstack.lambda;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Which processes a function has, and which of them have nothing to do. */
final class Environments {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ExecutionEnvironment> idle = new ArrayDeque<>();
  private final Set<ExecutionEnvironment> all = new HashSet<>();
  private int starting;
  private int waiting;

  /** By {@link System#nanoTime}; since then somebody has been waiting all the time. */
  private long waitingSince;

  private boolean warming;
  private boolean closed;

  /**
   * Takes the process that was busy last, since the others may then end.
   *
   * @param patience for how long all processes must have been busy while events waited; then one of
   *     these gets none, and the others wait as long again. One that is being warmed is waited for
   *     in any case
   */
  Optional<ExecutionEnvironment> takeIdle(Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (waiting++ == 0) {
        waitingSince = System.nanoTime();
      }
      while (true) {
        Optional<ExecutionEnvironment> next = pollAlive();
        if (next.isPresent()) {
          return next;
        }
        if (warming) {
          changed.await();
          continue;
        }
        long left = patience.toNanos() - (System.nanoTime() - waitingSince);
        if (all.isEmpty() || left <= 0) {
          waitingSince = System.nanoTime();
          return Optional.empty();
        }
        var unused = changed.awaitNanos(left);
      }
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  private Optional<ExecutionEnvironment> pollAlive() {
    for (ExecutionEnvironment next = idle.poll(); next != null; next = idle.poll()) {
      if (next.isAlive()) {
        return Optional.of(next);
      }
      all.remove(next);
    }
    return Optional.empty();
  }

  /** A process is about to start, and {@link #started} or {@link #notStarted} will follow. */
  void starting() {
    lock.lock();
    try {
      starting++;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The process is there, and busy.
   *
   * @throws IOException if all are to end; the process is then killed
   */
  void started(ExecutionEnvironment environment) throws IOException {
    lock.lock();
    try {
      starting--;
      if (closed) {
        environment.kill();
        refuseWhenClosed();
      }
      all.add(environment);
    } finally {
      lock.unlock();
    }
  }

  void notStarted() {
    lock.lock();
    try {
      starting--;
    } finally {
      lock.unlock();
    }
  }

  void refuseWhenClosed() throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the local cloud is stopping");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether a process is needed so that there is one; {@link #endWarming} must follow if so. */
  boolean beginWarming() {
    lock.lock();
    try {
      boolean needed = all.isEmpty() && starting == 0 && !warming && !closed;
      warming = warming || needed;
      return needed;
    } finally {
      lock.unlock();
    }
  }

  void endWarming() {
    lock.lock();
    try {
      warming = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The process has nothing more to do, or has gone. */
  void release(ExecutionEnvironment environment, boolean ready) {
    lock.lock();
    try {
      if (ready && !closed) {
        idle.push(environment);
      } else {
        all.remove(environment);
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the processes that have had nothing to do for longer. */
  void endIdle(Duration lifetime) {
    lock.lock();
    try {
      List<ExecutionEnvironment> old =
          idle.stream().filter(environment -> environment.idle().compareTo(lifetime) > 0).toList();
      old.forEach(ExecutionEnvironment::terminate);
      old.forEach(idle::remove);
      old.forEach(all::remove);
    } finally {
      lock.unlock();
    }
  }

  /** Asks all processes to end and refuses new ones. */
  void close() {
    lock.lock();
    try {
      closed = true;
      all.forEach(ExecutionEnvironment::terminate);
    } finally {
      lock.unlock();
    }
  }

  List<ExecutionEnvironment> all() {
    lock.lock();
    try {
      return List.copyOf(all);
    } finally {
      lock.unlock();
    }
  }
}
