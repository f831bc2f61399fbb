package dev.sluice.cli.bench;

import dev.sluice.cli.bench.ChunkingReport.Splitters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** Measures the chunker and writes what came of it into the clone. */
public final class ChunkingRun {
  private final BenchmarkPage page;
  private final BenchmarkModule module;
  private final Path folder;
  private final InstantSource clock;

  /**
   * @param root of the clone
   * @param folder for logs
   */
  public ChunkingRun(Path root, Path folder, InstantSource clock) {
    this.page = new BenchmarkPage(root);
    this.module = new BenchmarkModule(root.resolve("benchmarks"));
    this.folder = folder;
    this.clock = clock;
  }

  /** The section that it has written. */
  public String run() throws IOException, InterruptedException {
    var measurements = new MicroBenchmark(module, folder).run("chunking", ChunkingReport.CLASSES);
    var names =
        new Splitters(
            module.version("langchain4j-core"),
            module.version("spring-ai-commons"),
            module.version("jtokkit"));
    var report = new ChunkingReport(measurements, names, Machine.thisOne(), clock.instant());
    page.figures("chunking", report.figures());
    page.plot("chunking", report.plot());
    String section = report.section();
    page.section("Chunking", section);
    return section;
  }
}
