package dev.sluice.simulator.fault;

import dev.sluice.simulator.clock.Timer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Decides about each request of the simulated providers, by a plan that can be replaced. */
public final class Faults {
  private static final int MOST_DECISIONS = 100_000;

  private final Timer timer;
  private final Deque<Decision> decisions = new ArrayDeque<>();
  private final Map<Operation, Long> requests = new EnumMap<>(Operation.class);
  private long forgotten;
  private FaultPlan plan = FaultPlan.NONE;
  private long[] struck = {};
  private CountDownLatch hanging = new CountDownLatch(1);

  /**
   * Nothing goes wrong yet.
   *
   * @param timer what latencies are waited for by
   */
  public Faults(Timer timer) {
    this.timer = timer;
  }

  public synchronized FaultPlan plan() {
    return plan;
  }

  /** Begins a plan: requests are counted from 1, the log is empty, what hangs is let go. */
  public synchronized void begin(FaultPlan next) {
    plan = next;
    struck = new long[next.rules().size()];
    requests.clear();
    decisions.clear();
    forgotten = 0;
    hanging.countDown();
    hanging = new CountDownLatch(1);
  }

  /** Decides about the next request of this operation. */
  public synchronized Fault next(Operation operation) {
    if (plan.rules().stream().noneMatch(rule -> rule.operation() == operation)) {
      return Fault.NONE;
    }
    long n = requests.merge(operation, 1L, Long::sum);
    Integer rule = striking(operation, n);
    if (rule == null) {
      record(new Decision(operation.provider(), operation.wireName(), n, null, null));
      return Fault.NONE;
    }
    struck[rule]++;
    FaultRule chosen = plan.rules().get(rule);
    record(
        new Decision(
            operation.provider(), operation.wireName(), n, rule, chosen.fault().wireName()));
    return new Fault(chosen.fault(), chosen.how(), plan.draw(~rule, n));
  }

  private @Nullable Integer striking(Operation operation, long n) {
    for (int i = 0; i < plan.rules().size(); i++) {
      FaultRule rule = plan.rules().get(i);
      double chance = FaultPlan.fraction(plan.draw(i, n));
      if (rule.operation() == operation && rule.when().chooses(n, chance, struck[i])) {
        return i;
      }
    }
    return null;
  }

  private void record(Decision decision) {
    decisions.add(decision);
    if (decisions.size() > MOST_DECISIONS) {
      decisions.remove();
      forgotten++;
    }
  }

  public synchronized DecisionLog log() {
    List<String> order = Arrays.stream(Operation.values()).map(Operation::wireName).toList();
    List<Decision> sorted =
        decisions.stream()
            .sorted(
                Comparator.<Decision>comparingInt(decision -> order.indexOf(decision.operation()))
                    .thenComparingLong(Decision::n))
            .toList();
    return new DecisionLog(plan.seed(), forgotten, sorted);
  }

  /** Holds this thread for as long as the fault says. */
  void pause(Fault fault) throws InterruptedException {
    if (fault.how().latency().isPositive()) {
      timer.pause(fault.how().latency());
    }
  }

  /** Holds this thread until another plan begins. */
  void hang() throws InterruptedException {
    CountDownLatch latch;
    synchronized (this) {
      latch = hanging;
    }
    latch.await();
  }
}
