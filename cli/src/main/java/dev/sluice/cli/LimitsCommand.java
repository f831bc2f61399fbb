package dev.sluice.cli;

import dev.sluice.cli.bench.LimitsBench;
import dev.sluice.cli.bench.LimitsSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "limits",
    mixinStandardHelpOptions = true,
    description = {
      "Embeds in clouds of its own against a simulated provider that enforces its limits, and",
      "through an outage of it: how much of the limit is used, how much is refused, and how fast",
      "it is used again."
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice bench limits                                 at 1, 2, 4 and 8",
      "  ./sluice bench limits --levels 2 --length 30s --no-outage     a first look: minutes",
      "",
      "The report also replaces the section Limits of docs/reliability.md. The functions' logs are"
          + " kept",
      "below .sluice/bench/limits/logs. The cloud of ./sluice up is left alone.",
      "Exit code 1 if less than 0.9 of a limit is used, or 1 %% or more is refused."
    })
final class LimitsCommand implements Callable<Integer> {
  private static final String PAGE = "docs/reliability.md";
  private static final Duration OUTAGE = Duration.ofSeconds(60);

  private final Surroundings surroundings;

  @Option(
      names = "--levels",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2,4,8",
      description = "Concurrent executions of each function (default: ${DEFAULT-VALUE}).")
  private List<Integer> levels = List.of();

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "400000",
      description = "The provider's limit a minute (default: ${DEFAULT-VALUE}).")
  private long tokens;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "40",
      description = "The provider's other limit a minute (default: ${DEFAULT-VALUE}).")
  private int requests;

  @Option(
      names = "--length",
      paramLabel = "TIME",
      defaultValue = "75s",
      converter = Limit.class,
      description = "For how long each limit has work (default: ${DEFAULT-VALUE}).")
  private Duration length = Duration.ofSeconds(75);

  @Option(names = "--no-outage", description = "Leave out the outage.")
  private boolean noOutage;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Where the section Limits is replaced (default: " + PAGE + ").")
  private @Nullable Path report;

  LimitsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    if (tokens < 1 || requests < 1 || levels.stream().anyMatch(level -> level < 1)) {
      throw new CommandFailure("--tokens, --requests and --levels must be at least 1");
    }
    LimitsBench bench = new LimitsBench(surroundings.bench("limits"));
    Path page = report == null ? surroundings.workspace().root().resolve(PAGE) : report;
    LimitsBench.Outcome outcome = bench.run(settings(page));
    surroundings.screen().out().println(outcome.text());
    surroundings.screen().out().println("Written to " + page);
    return outcome.good() ? ExitCode.DONE : ExitCode.DOCUMENT_FAILED;
  }

  private LimitsSettings settings(Path page) {
    return new LimitsSettings(
        levels, tokens, requests, length, noOutage ? Duration.ZERO : OUTAGE, page);
  }
}
