package dev.sluice.localstack.lambda;

import dev.sluice.localstack.lambda.ExecutionEnvironment.InitFailedException;
import dev.sluice.localstack.lambda.InvocationResult.Failed;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

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
  private final Environments environments = new Environments();

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
    if (!environments.beginWarming()) {
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
      environments.endWarming();
      if (!placeKept) {
        places.release();
      }
    }
  }

  private ExecutionEnvironment acquire()
      throws InterruptedException, IOException, InitFailedException {
    Optional<ExecutionEnvironment> free = environments.takeIdle(runtime.settings().patience());
    environments.refuseWhenClosed();
    return free.isPresent() ? free.get() : start();
  }

  private ExecutionEnvironment start()
      throws InterruptedException, IOException, InitFailedException {
    environments.starting();
    ExecutionEnvironment environment;
    try {
      starts.acquire();
      try {
        environment = ExecutionEnvironment.start(runtime, launcher);
      } finally {
        starts.release();
      }
    } catch (InterruptedException | IOException | InitFailedException | RuntimeException e) {
      environments.notStarted();
      throw e;
    }
    environments.started(environment);
    return environment;
  }

  private void release(ExecutionEnvironment environment, boolean ready) {
    environments.release(environment, ready);
    places.release();
  }

  /** Ends the processes that have had nothing to do for their idle lifetime. */
  void reap() {
    environments.endIdle(runtime.settings().idleLifetime());
  }

  /** Whether no process has an event in hand, or is being started for one. */
  boolean isQuiet() {
    return places.availablePermits() == limit;
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
    environments.close();
  }

  void awaitEnd(Duration grace) {
    environments.all().forEach(environment -> environment.awaitEnd(grace));
  }

  int size() {
    return environments.all().size();
  }
}
