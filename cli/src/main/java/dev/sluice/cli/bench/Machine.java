package dev.sluice.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.api.Json;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Locale;

/** Where a measurement ran. */
record Machine(int cores, long memoryBytes) {
  static Machine thisOne() {
    long memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    return new Machine(Runtime.getRuntime().availableProcessors(), memory);
  }

  /** As in "2 cores with 8 GB and Java 25, 2026-01-31". */
  String inWords(Instant takenAt) {
    return String.format(
        Locale.ROOT,
        "%d cores with %.0f GB and Java %d, %s",
        cores,
        memoryBytes / 1e9,
        Runtime.version().feature(),
        takenAt.toString().substring(0, 10));
  }

  /**
   * What every file of figures begins with.
   *
   * @param benchmark the command that writes it
   */
  ObjectNode figures(String benchmark, Instant takenAt) {
    return Json.MAPPER
        .createObjectNode()
        .put("benchmark", benchmark)
        .put("taken_at", takenAt.toString())
        .put("cores", cores)
        .put("memory_bytes", memoryBytes)
        .put("java", Runtime.version().toString());
  }
}
