package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.clock.Timer;
import dev.sluice.simulator.fault.Fault;
import dev.sluice.simulator.fault.FaultKind;
import dev.sluice.simulator.fault.Faults;
import dev.sluice.simulator.fault.Operation;
import dev.sluice.simulator.llamaparse.Job.OwedCallback;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls submitters back: a few attempts, then never again. Nothing waits on a thread. What is under
 * way when it is closed stays owed, and the next start delivers it.
 */
final class Callbacks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

  /** How long a reordered callback waits for the next one if the plan does not say. */
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(5);

  private final JobStore jobs;
  private final List<Duration> waits;
  private final Clock clock;
  private final Timer timer;
  private final Faults faults;
  private final CallbackSender sender;
  private final PastCallbacks past = new PastCallbacks();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicReference<@Nullable Delivery> held = new AtomicReference<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Callbacks(HttpClient http, JobStore jobs, LlamaParseOptions options) {
    this.jobs = jobs;
    this.waits = options.callbackWaits();
    this.clock = options.clock();
    this.timer = options.timer();
    this.faults = options.faults();
    this.sender = new CallbackSender(http);
  }

  /** Starts the delivery of callbacks that a job owes. */
  void deliver(Job job, List<OwedCallback> callbacks) {
    callbacks.forEach(callback -> begin(job, callback, faults.next(Operation.CALLBACK)));
  }

  long attempts() {
    return sender.attempts();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    Threads.await(threads);
  }

  private void begin(Job job, OwedCallback callback, Fault fault) {
    try {
      CallbackMessage message = CallbackMessage.write(job, callback, clock.instant(), fault);
      begin(new Delivery(numbers.incrementAndGet(), job, callback, message, fault));
    } catch (IllegalArgumentException e) {
      LOG.warn("job {}: its webhook cannot be called: {}", job.id(), e.getMessage());
      settle(job, callback);
    }
  }

  private void begin(Delivery delivery) {
    if (delivery.fault().is(FaultKind.LOST)) {
      settle(delivery.job(), delivery.callback());
    } else if (delivery.fault().is(FaultKind.REORDERED)) {
      hold(delivery);
    } else {
      later(delivery.fault().how().latency(), () -> attempt(delivery, 0));
    }
  }

  private void hold(Delivery delivery) {
    Delivery before = held.getAndSet(delivery);
    if (before != null) {
      start(() -> attempt(before, 0));
    }
    Duration longest = delivery.fault().how().latency();
    later(longest.isZero() ? LONGEST_HOLD : longest, () -> release(delivery));
  }

  private void release(Delivery delivery) {
    if (held.compareAndSet(delivery, null)) {
      start(() -> attempt(delivery, 0));
    }
  }

  private void attempt(Delivery delivery, int failed) {
    try {
      if (failed == 0 && delivery.fault().is(FaultKind.FORGED)) {
        var unused = sender.send(delivery.message().forged());
      }
      String outcome = sender.send(delivery.message());
      if (outcome.isEmpty()) {
        delivered(delivery);
      } else {
        failed(delivery, failed + 1, outcome);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalArgumentException e) {
      LOG.warn("job {}: its webhook cannot be called: {}", delivery.job().id(), e.getMessage());
      end(delivery);
    }
  }

  private void failed(Delivery delivery, int attempts, String outcome) {
    String job = delivery.job().id();
    String event = delivery.callback().eventType();
    LOG.info("job {}: attempt {} of callback {} failed: {}", job, attempts, event, outcome);
    if (attempts <= waits.size()) {
      later(waits.get(attempts - 1), () -> attempt(delivery, attempts));
    } else {
      LOG.warn("job {}: callback {} is given up; only polling finds the job now", job, event);
      end(delivery);
    }
  }

  private void delivered(Delivery delivery) throws InterruptedException {
    if (delivery.fault().is(FaultKind.DOUBLED)) {
      var unused = sender.send(delivery.message());
    }
    if (delivery.fault().is(FaultKind.REPLAYED)) {
      var unused = sender.send(past.one(delivery.fault()).orElse(delivery.message()));
    }
    past.add(delivery.message());
    end(delivery);
  }

  /** Lets go of one that was held for this one to pass it. */
  private void end(Delivery delivery) {
    settle(delivery.job(), delivery.callback());
    Delivery waiting = held.get();
    if (waiting != null && waiting.number() < delivery.number()) {
      release(waiting);
    }
  }

  private void settle(Job job, OwedCallback callback) {
    var unused = jobs.update(job.id(), current -> current.settled(callback));
  }

  private void later(Duration delay, Runnable task) {
    if (delay.isZero()) {
      start(task);
    } else {
      timer.after(delay, () -> start(task));
    }
  }

  private void start(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed meanwhile: the callback stays owed");
    }
  }
}
