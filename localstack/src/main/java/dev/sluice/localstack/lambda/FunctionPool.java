package dev.sluice.localstack.lambda;

import dev.sluice.localstack.lambda.ExecutionEnvironment.InitFailedException;
import dev.sluice.localstack.lambda.InvocationResult.Failed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A function's processes: started when needed, reused while they live, as many at once as the limit
 * allows.
 */
final class FunctionPool implements AutoCloseable {
  private final FunctionRuntime runtime;
  private final ProcessLauncher launcher;

  /** How many processes of all functions may be starting at once. */
  private final Semaphore starts;

  private final Semaphore places;
  private final int limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ExecutionEnvironment> idle = new ArrayDeque<>();
  private final Set<ExecutionEnvironment> all = new HashSet<>();
  private int starting;
  private boolean warming;
  private boolean closed;

  FunctionPool(FunctionRuntime runtime, ProcessLauncher launcher, Semaphore starts, int limit) {
    this.runtime = runtime;
    this.launcher = launcher;
    this.starts = starts;
    this.limit = limit;
    this.places = new Semaphore(limit, true);
  }

  int limit() {
    return limit;
  }

  /** Runs the event on a free process, waiting for one if all are busy. */
  InvocationResult invoke(byte[] event) throws InterruptedException {
    places.acquire();
    boolean placeKept = false;
    try {
      ExecutionEnvironment environment = acquire();
      placeKept = true;
      return run(environment, event);
    } catch (InitFailedException e) {
      return e.failure();
    } catch (IOException e) {
      return Failed.of("Runtime.StartFailed", String.valueOf(e.getMessage()));
    } finally {
      if (!placeKept) {
        places.release();
      }
    }
  }

  private InvocationResult run(ExecutionEnvironment environment, byte[] event)
      throws InterruptedException {
    try {
      return environment.invoke(event);
    } finally {
      // Its place is free again only when the process asks for work, or has gone.
      var unused = environment.waiting().thenAccept(ready -> release(environment, ready));
    }
  }

  /**
   * Starts one process, if there is none, so that the first event finds it ready. Events that
   * arrive meanwhile wait for it.
   */
  void warm() throws InterruptedException {
    if (!beginWarming()) {
      return;
    }
    places.acquire();
    boolean placeKept = false;
    try {
      ExecutionEnvironment environment = start();
      placeKept = true;
      release(environment, true);
    } catch (IOException | InitFailedException e) {
      runtime.log().line("The process could not be started ahead: " + e.getMessage());
    } finally {
      endWarming();
      if (!placeKept) {
        places.release();
      }
    }
  }

  private boolean beginWarming() {
    lock.lock();
    try {
      boolean needed = all.isEmpty() && starting == 0 && !warming && !closed;
      warming = warming || needed;
      return needed;
    } finally {
      lock.unlock();
    }
  }

  private void endWarming() {
    lock.lock();
    try {
      warming = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private ExecutionEnvironment acquire()
      throws InterruptedException, IOException, InitFailedException {
    Optional<ExecutionEnvironment> free = takeIdle();
    refuseWhenClosed();
    return free.isPresent() ? free.get() : start();
  }

  private Optional<ExecutionEnvironment> takeIdle() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long patience = runtime.settings().patience().toNanos();
      while (true) {
        for (ExecutionEnvironment next = idle.poll(); next != null; next = idle.poll()) {
          if (next.isAlive()) {
            return Optional.of(next);
          }
          all.remove(next);
        }
        if (warming) {
          changed.await();
        } else if (all.isEmpty() || patience <= 0) {
          return Optional.empty();
        } else {
          patience = changed.awaitNanos(patience);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private ExecutionEnvironment start()
      throws InterruptedException, IOException, InitFailedException {
    count(1);
    try {
      starts.acquire();
      return startWithPermit();
    } finally {
      count(-1);
    }
  }

  private void count(int change) {
    lock.lock();
    try {
      starting += change;
    } finally {
      lock.unlock();
    }
  }

  private ExecutionEnvironment startWithPermit()
      throws InterruptedException, IOException, InitFailedException {
    try {
      ExecutionEnvironment environment = ExecutionEnvironment.start(runtime, launcher);
      if (!register(environment)) {
        environment.kill();
        refuseWhenClosed();
      }
      return environment;
    } finally {
      starts.release();
    }
  }

  private void refuseWhenClosed() throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the local cloud is stopping");
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean register(ExecutionEnvironment environment) {
    lock.lock();
    try {
      return !closed && all.add(environment);
    } finally {
      lock.unlock();
    }
  }

  private void release(ExecutionEnvironment environment, boolean ready) {
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
      places.release();
    }
  }

  /** Ends the processes that have had nothing to do for their idle lifetime. */
  void reap() {
    Duration lifetime = runtime.settings().idleLifetime();
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

  /** Whether all places become free within the time. */
  boolean awaitQuiet(Duration most) throws InterruptedException {
    if (!places.tryAcquire(limit, most.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    places.release(limit);
    return true;
  }

  /** Asks all processes to end and refuses new ones; {@link #awaitEnd} waits for them. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      all.forEach(ExecutionEnvironment::terminate);
    } finally {
      lock.unlock();
    }
  }

  void awaitEnd(Duration grace) {
    List<ExecutionEnvironment> ending;
    lock.lock();
    try {
      ending = List.copyOf(all);
    } finally {
      lock.unlock();
    }
    ending.forEach(environment -> environment.awaitEnd(grace));
  }

  int size() {
    lock.lock();
    try {
      return all.size();
    } finally {
      lock.unlock();
    }
  }
}
