package dev.sluice.simulator.llamaparse;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for threads that were told to stop, so that nothing writes to the state any more. */
final class Threads {
  private static final Logger LOG = LoggerFactory.getLogger(Threads.class);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private Threads() {}

  static void await(ExecutorService stopped) {
    try {
      if (!stopped.awaitTermination(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("work did not stop within {}; the next start takes it up again", LONGEST_WAIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
