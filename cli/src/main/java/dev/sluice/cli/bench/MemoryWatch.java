package dev.sluice.cli.bench;

import dev.sluice.cli.bench.MemoryLog.Memory;
import dev.sluice.localstack.fault.FunctionProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads every 2 s how much memory each function process holds, where there is a {@code /proc}. */
final class MemoryWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final String RESIDENT = "VmRSS:";
  private static final String AVAILABLE = "MemAvailable:";

  /** Below it the system may soon end processes of anybody. */
  private static final long LEAST_AVAILABLE = 1_000_000_000;

  private final MemoryLog log = new MemoryLog();
  private volatile boolean scarce;
  private final long began = System.nanoTime();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("memory-watch").factory());

  private MemoryWatch() {}

  static MemoryWatch begin() {
    MemoryWatch watch = new MemoryWatch();
    var unused =
        watch.timer.scheduleWithFixedDelay(watch::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return watch;
  }

  private void look() {
    double at = (System.nanoTime() - began) / 1e9;
    OptionalLong available = bytes(Path.of("/proc/meminfo"), AVAILABLE);
    scarce = available.isPresent() && available.getAsLong() < LEAST_AVAILABLE;
    for (String function : SoakCloud.FUNCTIONS.keySet()) {
      for (ProcessHandle process : FunctionProcesses.of(function)) {
        long bytes =
            bytes(Path.of("/proc", String.valueOf(process.pid()), "status"), RESIDENT).orElse(0);
        if (bytes > 0) {
          log.add(at, process.pid(), function, bytes);
        }
      }
    }
  }

  /** Nothing if the process has gone. */
  private static OptionalLong bytes(Path file, String name) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(kilobytes -> Long.parseLong(kilobytes) * 1024)
          .findFirst();
    } catch (IOException e) {
      LOG.debug("{} went away while it was looked at", file, e);
      return OptionalLong.empty();
    }
  }

  /** Whether the machine is about to run out of memory. */
  boolean isScarce() {
    return scarce;
  }

  Memory seen() {
    return log.seen();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
