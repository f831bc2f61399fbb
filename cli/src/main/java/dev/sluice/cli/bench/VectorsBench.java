package dev.sluice.cli.bench;

import dev.sluice.cli.bench.VectorsReport.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How fast vectors are written, beside COPY and the peers' stores. */
public final class VectorsBench {
  static final String NAME = "vectors";

  private static final String INSERTS = "dev.sluice.vectors.VectorInserts";

  private final BenchSite site;
  private final BenchmarkPage page;
  private final BenchmarkModule module;

  public VectorsBench(BenchSite site) {
    this.site = site;
    this.page = new BenchmarkPage(site.root());
    this.module = new BenchmarkModule(site.root().resolve("benchmarks"));
  }

  /** The section that it has written. */
  public String run(VectorsSettings settings) throws IOException, InterruptedException {
    List<WriteTime> times = measure(settings);
    Peers peers =
        new Peers(
            module.version("langchain4j-pgvector"), module.version("spring-ai-pgvector-store"));
    VectorsReport report =
        new VectorsReport(times, peers, Machine.thisOne(), site.clock().instant());
    page.figures(NAME, report.figures());
    page.plot(NAME, report.plot());
    page.section("Vectors", report.section());
    return report.section();
  }

  private List<WriteTime> measure(VectorsSettings settings)
      throws IOException, InterruptedException {
    site.say(
        "Writing %,d vectors in each way, %d rounds and one to warm up…"
            .formatted(settings.vectors(), settings.rounds()));
    Path folder = site.folder().resolve("inserts");
    Files.createDirectories(folder);
    Folders.empty(folder);
    Path results = folder.resolve("results.tsv");
    module.run(
        INSERTS,
        List.of(
            folder.resolve("database").toString(),
            results.toString(),
            String.valueOf(settings.vectors()),
            String.valueOf(settings.rounds())),
        site.logs("inserts.log"));
    List<WriteTime> times = WriteTime.read(results);
    Folders.empty(folder);
    return times;
  }
}
