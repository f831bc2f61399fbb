package dev.sluice.simulator;

import dev.sluice.simulator.clock.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A timer whose time passes only when a test says so. */
public final class SetTimer implements Timer {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<Due> waiting = new ArrayList<>();
  private Duration now = Duration.ZERO;

  private record Due(Duration at, Runnable task) {}

  @Override
  public synchronized void after(Duration delay, Runnable task) {
    waiting.add(new Due(now.plus(delay), task));
    notifyAll();
  }

  /** Returns when something waits for its time, and says for how long it will. */
  public synchronized Duration awaitWaiting() throws InterruptedException {
    for (int i = 0; waiting.isEmpty() && i < 2; i++) {
      wait(PATIENCE.toMillis() / 2);
    }
    return waiting.stream()
        .map(due -> due.at().minus(now))
        .min(Comparator.naturalOrder())
        .orElseThrow(() -> new AssertionError("nothing waited for its time within " + PATIENCE));
  }

  public synchronized int waiting() {
    return waiting.size();
  }

  /** Lets time pass; what is due then is run. */
  public void advance(Duration time) {
    due(time).forEach(Runnable::run);
  }

  private synchronized List<Runnable> due(Duration time) {
    now = now.plus(time);
    List<Due> over = waiting.stream().filter(due -> due.at().compareTo(now) <= 0).toList();
    waiting.removeAll(over);
    return over.stream().map(Due::task).toList();
  }
}
