package dev.sluice.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What all cores together have done since the machine started, where there is a {@code /proc}.
 *
 * @param busy ticks
 * @param all ticks, the idle ones included
 */
record CpuTime(long busy, long all) {
  private static final Path STAT = Path.of("/proc/stat");

  /** Fourth and fifth figure: idle, and idle while a disk works. */
  private static final int IDLE = 4;

  static CpuTime now() {
    try (var lines = Files.lines(STAT)) {
      return of(lines.findFirst().orElse(""));
    } catch (IOException e) {
      return new CpuTime(0, 0);
    }
  }

  /** Of the line that begins with {@code cpu}. */
  static CpuTime of(String line) {
    String[] figures = line.strip().split("\\s+");
    long all = 0;
    long idle = 0;
    for (int i = 1; i < figures.length; i++) {
      long ticks = Long.parseLong(figures[i]);
      all += ticks;
      idle += i == IDLE || i == IDLE + 1 ? ticks : 0;
    }
    return new CpuTime(all - idle, all);
  }

  /** The share of the cores that was busy since then, from 0 to 1; 0 if unknown. */
  double busySince(CpuTime then) {
    return all == then.all ? 0 : (double) (busy - then.busy) / (all - then.all);
  }
}
