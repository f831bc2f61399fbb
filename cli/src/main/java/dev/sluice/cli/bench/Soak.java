package dev.sluice.cli.bench;

import dev.sluice.cli.api.Pause;
import dev.sluice.cli.bench.SoakReport.Calm;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pushes documents through clouds of its own while faults come and go, and says what became. */
public final class Soak {
  private static final String SECTION = "Load";
  private static final int SMALL_RUNS = 3;
  private static final int WARM_UP = 10;

  private final Path root;
  private final Map<String, String> environment;
  private final SoakFolder folder;
  private final InstantSource clock;
  private final Pause pause;
  private final PrintWriter words;

  /**
   * @param root of the clone
   * @param state where the clouds and their logs are kept
   * @param words hears how it goes
   */
  public Soak(
      Path root,
      Map<String, String> environment,
      Path state,
      InstantSource clock,
      Pause pause,
      PrintWriter words) {
    this.root = root;
    this.environment = environment;
    this.folder = new SoakFolder(state);
    this.clock = clock;
    this.pause = pause;
    this.words = words;
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
    Path logs = folder.logs("level-" + level);
    try (SoakCloud cloud = start(level)) {
      RunResult result = loadRun(cloud, settings).run(String.valueOf(level), documents, true);
      cloud.keepLogs(logs);
      tellOfIncomplete(result, logs);
      return result;
    }
  }

  private void tellOfIncomplete(RunResult result, Path logs) throws IOException {
    if (!result.incomplete().isEmpty()) {
      result.incomplete().forEach(words::println);
      Files.write(logs.resolve("incomplete.txt"), result.incomplete());
      words.println("The functions' logs are in " + logs);
    }
  }

  private Calm calm(SoakSettings settings) throws IOException, SQLException, InterruptedException {
    int small = Math.max(1, settings.documents() / SMALL_RUNS);
    try (SoakCloud cloud = start(Calm.LEVEL)) {
      LoadRun run = loadRun(cloud, settings);
      var unused = run.run("warm-up", layout(settings, Math.min(small, WARM_UP), 1_000, 1), false);
      List<RunResult> results = new ArrayList<>();
      for (int i = 1; i <= SMALL_RUNS; i++) {
        results.add(run.run("calm " + i, layout(settings, small, 1_000 + i, 1), false));
      }
      RunResult large = run.run("calm, large", layout(settings, small, 2_000, SMALL_RUNS), false);
      cloud.keepLogs(folder.logs("calm"));
      return new Calm(results, large);
    }
  }

  private static List<SoakDocument> layout(
      SoakSettings settings, int count, int texts, int rounds) {
    return Corpus.documents(
        count, settings.sizes(), settings.seed(), settings.seed() + texts, rounds);
  }

  private SoakCloud start(int level) throws IOException, InterruptedException {
    words.println("Starting a cloud with " + level + " concurrent executions of each function…");
    words.flush();
    return SoakCloud.start(root, environment, folder, level);
  }

  private LoadRun loadRun(SoakCloud cloud, SoakSettings settings) {
    return new LoadRun(cloud, settings, folder, clock, pause, words);
  }
}
