package dev.sluice.localstack.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What shall go wrong at the gates of a cloud, and a record of what has passed them. */
public final class Faults {
  private static final Duration LOOK = Duration.ofMillis(50);

  private final List<Boundary> trace = new ArrayList<>();
  private final List<Boundary> struck = new ArrayList<>();
  private final Map<String, Integer> occurrences = new HashMap<>();
  private FaultPlan plan = FaultPlan.NONE;
  private CountDownLatch hanging = new CountDownLatch(1);

  /** Begins anew: the trace and the counts are empty, what hangs or is held is released. */
  public synchronized void begin(FaultPlan next) {
    release();
    trace.clear();
    struck.clear();
    occurrences.clear();
    plan = next;
  }

  /** All boundaries since the plan began, in their order. */
  public synchronized List<Boundary> trace() {
    return List.copyOf(trace);
  }

  /** Where something went wrong since the plan began. */
  public synchronized List<Boundary> struck() {
    return List.copyOf(struck);
  }

  /** Resets every connection that hangs, and lets those go on that are held. */
  public synchronized void release() {
    hanging.countDown();
    hanging = new CountDownLatch(1);
  }

  /** A step begins. */
  synchronized Boundary entered(String function, String step, long pid) {
    int occurrence = occurrences.merge(function + " " + step, 1, Integer::sum);
    return new Boundary(function, step, occurrence, Boundary.Side.BEFORE, pid);
  }

  synchronized Fault at(Boundary boundary) {
    trace.add(boundary);
    Fault fault = plan.at(boundary);
    if (fault != Fault.PASS) {
      struck.add(boundary);
    }
    return fault;
  }

  /** Returns when the hanging is over, or when the process that hangs has gone. */
  void awaitRelease(long pid) {
    CountDownLatch latch;
    synchronized (this) {
      latch = hanging;
    }
    try {
      while (!latch.await(LOOK.toMillis(), TimeUnit.MILLISECONDS) && isAlive(pid)) {}
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }
}
