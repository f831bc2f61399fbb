package dev.sluice.cli.bench;

import java.lang.management.ManagementFactory;

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
}
