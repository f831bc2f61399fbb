package dev.sluice.cli.bench;

import dev.sluice.cli.bench.ChunkingReport.Splitters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/** Measures the chunker and writes what came of it into the clone. */
public final class ChunkingRun {
  private static final String HEAD =
      """
      # Benchmarks

      Written by runs of `./sluice bench`, section by section; a run replaces its own. The figures are in
      `benchmarks/results`.
      """;

  private final Path root;
  private final MicroBenchmark benchmark;
  private final InstantSource clock;

  /**
   * @param root of the clone
   * @param folder for logs
   */
  public ChunkingRun(Path root, Path folder, InstantSource clock) {
    this.root = root;
    this.benchmark = new MicroBenchmark(root.resolve("benchmarks"), folder);
    this.clock = clock;
  }

  /** The section that it has written. */
  public String run() throws IOException, InterruptedException {
    var measurements = benchmark.run("chunking", ChunkingReport.CLASSES);
    var names =
        new Splitters(
            benchmark.version("langchain4j-core"),
            benchmark.version("spring-ai-commons"),
            benchmark.version("jtokkit"));
    var report = new ChunkingReport(measurements, names, Machine.thisOne(), clock.instant());
    write("benchmarks/results/chunking.json", report.figures().toPrettyString() + "\n");
    write("docs/benchmarks/chunking.svg", report.plot());
    String section = report.section();
    ReportPage.write(root.resolve("docs/benchmarks.md"), HEAD, "Chunking", section);
    return section;
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
