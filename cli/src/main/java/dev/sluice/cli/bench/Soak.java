package dev.sluice.cli.bench;

import dev.sluice.cli.bench.SoakReport.Calm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pushes documents through clouds of its own while faults come and go, and says what became. */
public final class Soak {
  private static final String SECTION = "Load";
  private static final int SMALL_RUNS = 3;

  private final BenchSite site;

  public Soak(BenchSite site) {
    this.site = site;
  }

  /**
   * What came out.
   *
   * @param text the report as it stands in the page
   * @param good whether every document is complete, and nothing doubled
   */
  public record Outcome(String text, boolean good) {}

  /** Runs everything and writes the report. */
  public Outcome run(SoakSettings settings) throws IOException, SQLException, InterruptedException {
    List<RunResult> levels = new ArrayList<>();
    for (int level : settings.levels()) {
      levels.add(level(settings, level));
    }
    Optional<Calm> calm = settings.calm() ? Optional.of(calm(settings)) : Optional.empty();
    SoakReport report = new SoakReport(settings, levels, calm, Machine.thisOne());
    String text = LoadReport.of(report);
    ReportPage.write(settings.report(), SECTION, text);
    return new Outcome(text, report.isGood());
  }

  private RunResult level(SoakSettings settings, int level)
      throws IOException, SQLException, InterruptedException {
    List<SoakDocument> documents =
        Corpus.documents(
            settings.documents(), settings.sizes(), settings.seed(), settings.seed() + level, 1);
    Path logs = site.logs("level-" + level);
    try (SoakCloud cloud = site.startWithGates(level)) {
      RunResult result =
          new LoadRun(cloud, settings, site).run(String.valueOf(level), documents, true);
      cloud.cloud().keepLogs(logs);
      tellOfIncomplete(result, logs);
      return result;
    }
  }

  private void tellOfIncomplete(RunResult result, Path logs) throws IOException {
    if (!result.incomplete().isEmpty()) {
      result.incomplete().forEach(site::say);
      Files.write(logs.resolve("incomplete.txt"), result.incomplete());
      site.say("The functions' logs are in " + logs);
    }
  }

  /**
   * The first run is warm-up, as long as the largest: throughput rises for some hundred documents.
   */
  private Calm calm(SoakSettings settings) throws IOException, SQLException, InterruptedException {
    try (SoakCloud cloud = site.startWithGates(Calm.LEVEL)) {
      LoadRun run = new LoadRun(cloud, settings, site);
      var unused = run.run("warm-up", layout(settings, 1_000, SMALL_RUNS), false);
      List<RunResult> results = new ArrayList<>();
      for (int i = 1; i <= SMALL_RUNS; i++) {
        results.add(run.run("calm " + i, layout(settings, 1_000 + i, 1), false));
      }
      RunResult large = run.run("calm, large", layout(settings, 2_000, SMALL_RUNS), false);
      cloud.cloud().keepLogs(site.logs("calm"));
      return new Calm(results, large);
    }
  }

  private static List<SoakDocument> layout(SoakSettings settings, int texts, int rounds) {
    return Corpus.documents(
        settings.documents(), settings.sizes(), settings.seed(), settings.seed() + texts, rounds);
  }
}
