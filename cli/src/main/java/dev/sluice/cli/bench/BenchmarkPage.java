package dev.sluice.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the benchmarks write into the clone: sections of one page, its plots, figures as JSON.
 *
 * @param root of the clone
 */
record BenchmarkPage(Path root) {
  private static final String HEAD =
      """
      # Benchmarks

      Written by runs of `./sluice bench`, section by section; a run replaces its own. The figures are in
      `benchmarks/results`.
      """;

  void section(String title, String section) throws IOException {
    ReportPage.write(root.resolve("docs/benchmarks.md"), HEAD, title, section);
  }

  void figures(String name, ObjectNode figures) throws IOException {
    write(results(name), figures.toPrettyString() + "\n");
  }

  /** Where the figures of the latest run are. */
  Path results(String name) {
    return root.resolve("benchmarks/results").resolve(name + ".json");
  }

  void plot(String name, String svg) throws IOException {
    write(root.resolve("docs/benchmarks").resolve(name + ".svg"), svg);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
