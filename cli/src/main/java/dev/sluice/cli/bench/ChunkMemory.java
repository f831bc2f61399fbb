package dev.sluice.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What chunking one document took.
 *
 * @param peakMegabytes the most that the function's process had resident until then
 * @param limitMegabytes that the template gives it
 * @param invocations that it took
 */
record ChunkMemory(
    int megabytes,
    long chunks,
    double seconds,
    long peakMegabytes,
    long limitMegabytes,
    int invocations) {

  private static final Pattern REPORT =
      Pattern.compile("REPORT .*Memory Size: (\\d+) MB Max Memory Used: (\\d+) MB.*");

  /** What the local Lambda reports after each invocation. */
  record Report(long limitMegabytes, long peakMegabytes) {
    static List<Report> read(Path log) throws IOException {
      try (var lines = Files.lines(log)) {
        return lines
            .map(REPORT::matcher)
            .filter(Matcher::matches)
            .map(line -> new Report(Long.parseLong(line.group(1)), Long.parseLong(line.group(2))))
            .toList();
      }
    }
  }
}
