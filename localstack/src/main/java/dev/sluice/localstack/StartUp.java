package dev.sluice.localstack;

import dev.sluice.localstack.CloudOptions.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts things side by side, remembers them, and closes them in the reverse order. */
final class StartUp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StartUp.class);

  private final Progress progress;
  private final Deque<Running> running = new ArrayDeque<>();
  private final ReentrantLock closing = new ReentrantLock();
  private boolean closed;

  private record Running(String name, AutoCloseable service) {}

  StartUp(Progress progress) {
    this.progress = progress;
  }

  /** Begins a step on a thread of its own. */
  <T> CompletableFuture<T> begin(String step, Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("start-" + step)
        .start(
            () -> {
              try {
                result.complete(timed(step, work));
              } catch (Exception | LinkageError e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }

  /** Starts a service here and now, and remembers it. */
  <T extends AutoCloseable> T timedStart(String step, Callable<T> work)
      throws IOException, InterruptedException {
    return join(begin(step, () -> keep(step, work.call())));
  }

  private <T> T timed(String step, Callable<T> work) throws Exception {
    long begin = System.nanoTime();
    T result = work.call();
    progress.done(step, Duration.ofNanos(System.nanoTime() - begin));
    return result;
  }

  /** Remembers what has started; when the stop was faster, it is closed at once. */
  <T extends AutoCloseable> T keep(String name, T service) {
    boolean late;
    synchronized (this) {
      late = closed;
      if (!late) {
        running.push(new Running(name, service));
      }
    }
    if (late) {
      close(new Running(name, service));
      throw new LocalCloudException("The local cloud was stopped while it started.");
    }
    return service;
  }

  /** Waits for a step and passes its failure on. */
  static <T> T join(CompletableFuture<T> step) throws IOException, InterruptedException {
    try {
      return step.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case null, default ->
            throw new LocalCloudException("The local cloud did not start: " + e.getCause(), e);
      }
    }
  }

  /** A second caller waits until the first is done. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    closing.lock();
    try {
      for (Running next = next(); next != null; next = next()) {
        close(next);
      }
    } finally {
      closing.unlock();
    }
  }

  private synchronized @Nullable Running next() {
    return running.poll();
  }

  private static void close(Running running) {
    try {
      running.service.close();
    } catch (Exception e) {
      LOG.warn(
          "{} did not close in order; what it left is cleared by the next start", running.name, e);
    }
  }
}
