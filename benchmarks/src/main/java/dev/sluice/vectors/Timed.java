package dev.sluice.vectors;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What writing took.
 *
 * @param rows that were written each time
 * @param rowsACommit of them
 * @param seconds of each time
 */
record Timed(String name, int rows, int rowsACommit, List<Double> seconds) {
  String line() {
    return seconds.stream()
        .map(time -> String.format(Locale.ROOT, "%.6f", time))
        .collect(Collectors.joining("\t", name + "\t" + rows + "\t" + rowsACommit + "\t", ""));
  }
}
