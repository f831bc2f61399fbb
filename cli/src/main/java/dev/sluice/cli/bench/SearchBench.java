package dev.sluice.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How well and how fast passages are found again, by a tenant's share of them. */
public final class SearchBench {
  static final String NAME = "search";

  private static final String MAIN = "dev.sluice.search.NeighbourSearch";

  private final BenchSite site;
  private final BenchmarkPage page;

  public SearchBench(BenchSite site) {
    this.site = site;
    this.page = new BenchmarkPage(site.root());
  }

  /**
   * Runs it, and returns the section that it has written.
   *
   * @param rows in all
   * @param questions to each tenant
   */
  public String run(int rows, int questions) throws IOException, InterruptedException {
    site.say("Searching among " + rows + " passages…");
    Path folder = site.folder().resolve("passages");
    Files.createDirectories(folder);
    Folders.empty(folder);
    Path results = folder.resolve("results.tsv");
    new BenchmarkModule(site.root().resolve("benchmarks"))
        .run(
            MAIN,
            List.of(
                folder.resolve("database").toString(),
                results.toString(),
                String.valueOf(rows),
                String.valueOf(questions)),
            site.logs("search.log"));
    SearchReport report =
        new SearchReport(
            SearchFigures.read(results), questions, Machine.thisOne(), site.clock().instant());
    Folders.empty(folder);
    page.figures(NAME, report.figures());
    page.plot(NAME, report.plot());
    page.section("Search", report.section());
    return report.section();
  }
}
