package dev.sluice.cli;

import dev.sluice.cli.bench.Corpus;
import dev.sluice.cli.bench.FaultKind;
import dev.sluice.cli.bench.Soak;
import dev.sluice.cli.bench.SoakSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description = {
      "Pushes documents through a cloud of its own while faults come and go: processes killed,",
      "connections broken, servers refused, database sessions ended. Then counts what became."
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice bench soak                                200 documents at 1, 5, 10 and 20",
      "  ./sluice bench soak --documents 10 --levels 2 --no-calm     a first look: minutes",
      "",
      "The report also replaces the section Load of docs/reliability.md. The functions' logs are"
          + " kept",
      "below .sluice/bench/soak/logs. The cloud of ./sluice up is left alone.",
      "Exit code 1 if a document is not complete or anything is doubled."
    })
final class SoakCommand implements Callable<Integer> {
  private static final Duration SHORTEST_LULL = Duration.ofSeconds(3);
  private static final String PAGE = "docs/reliability.md";

  private final Surroundings surroundings;

  @Option(
      names = "--documents",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many at each level (default: ${DEFAULT-VALUE}).")
  private int documents;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the documents and the faults (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--levels",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,5,10,20",
      description = "Concurrent executions of each function (default: ${DEFAULT-VALUE}).")
  private List<Integer> levels = List.of();

  @Option(
      names = "--limit",
      paramLabel = "TIME",
      defaultValue = "10m",
      converter = Limit.class,
      description = {
        "How long at most a level's uploads take, then its faults,",
        "then what is left (default: ${DEFAULT-VALUE} each)."
      })
  private Duration limit = Duration.ofMinutes(10);

  @Option(names = "--no-calm", description = "Leave out the runs without faults.")
  private boolean noCalm;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Where the section Load is replaced (default: " + PAGE + ").")
  private @Nullable Path report;

  SoakCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    if (documents < 1 || levels.stream().anyMatch(level -> level < 1 || level > 1000)) {
      throw new CommandFailure("--documents must be at least 1, --levels between 1 and 1000");
    }
    Soak soak = new Soak(surroundings.bench("soak"));
    Path page = report == null ? surroundings.workspace().root().resolve(PAGE) : report;
    Soak.Outcome outcome = soak.run(settings(page));
    surroundings.screen().out().println(outcome.text());
    surroundings.screen().out().println("Written to " + page);
    return outcome.good() ? ExitCode.DONE : ExitCode.DOCUMENT_FAILED;
  }

  private SoakSettings settings(Path page) {
    return new SoakSettings(
        documents,
        Corpus.Sizes.MIXED,
        seed,
        levels,
        limit,
        EnumSet.allOf(FaultKind.class),
        SHORTEST_LULL,
        !noCalm,
        page);
  }
}
