package dev.sluice.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What one way of writing vectors took.
 *
 * @param writer its name, see the benchmarks' VectorInserts
 * @param rows of each round
 * @param rowsACommit of them
 * @param seconds of each round
 */
record WriteTime(String writer, int rows, int rowsACommit, List<Double> seconds) {
  static List<WriteTime> read(Path results) throws IOException {
    return Files.readAllLines(results).stream().map(WriteTime::of).toList();
  }

  private static WriteTime of(String line) {
    String[] parts = line.split("\t");
    return new WriteTime(
        parts[0],
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Arrays.stream(parts).skip(3).map(Double::valueOf).toList());
  }

  /** Rows a second in the median round. */
  double rate() {
    return rows / Statistics.median(seconds);
  }
}
