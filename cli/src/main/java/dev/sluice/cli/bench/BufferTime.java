package dev.sluice.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What one step of a document takes while the chunk buffer holds so many rows.
 *
 * @param step its name, see the benchmarks' DocumentCourse
 * @param milliseconds of each measured document
 */
record BufferTime(int rows, String step, List<Double> milliseconds) {
  static List<BufferTime> read(Path results) throws IOException {
    return Files.readAllLines(results).stream().map(BufferTime::of).toList();
  }

  private static BufferTime of(String line) {
    String[] parts = line.split("\t");
    return new BufferTime(
        Integer.parseInt(parts[0]),
        parts[1],
        Arrays.stream(parts).skip(2).map(Double::valueOf).toList());
  }

  double median() {
    return Statistics.median(milliseconds);
  }
}
