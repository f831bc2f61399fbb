package dev.sluice.simulator.clock;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Has things done later. Tests have one that they move on themselves. */
@FunctionalInterface
public interface Timer {
  /** The machine's time; nothing has to be closed. */
  Timer REAL =
      (delay, task) ->
          CompletableFuture.delayedExecutor(
                  delay.toNanos(),
                  TimeUnit.NANOSECONDS,
                  due -> Thread.ofVirtual().name("timer").start(due))
              .execute(task);

  /**
   * Runs the task on another thread when the delay is over. Whoever has ended until then must see
   * to it that the task does nothing.
   */
  void after(Duration delay, Runnable task);

  /** Returns when the time is over. */
  default void pause(Duration time) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    after(time, over::countDown);
    over.await();
  }
}
