package dev.sluice.cli;

import dev.sluice.cli.bench.SearchBench;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description = {
      "Measures how many of the nearest passages a search finds, and how fast, from a tenant with",
      "0.5 %% of the passages to one with all: by scanning, in one index for all, in its own."
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice bench search                               about five minutes, and 2 GB of disk",
      "  ./sluice bench search --rows 4000 --questions 10    a first look",
      "",
      "Replaces the section Search of docs/benchmarks.md; the figures go to",
      "benchmarks/results/search.json."
    })
final class NeighboursCommand implements Callable<Integer> {
  private static final int FEWEST_ROWS = 2_000;

  private final Surroundings surroundings;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "50000",
      description = "Passages of all tenants together (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--questions",
      paramLabel = "N",
      defaultValue = "50",
      description = "Searches of each tenant and kind (default: ${DEFAULT-VALUE}).")
  private int questions;

  NeighboursCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rows < FEWEST_ROWS || questions < 1) {
      throw new CommandFailure(
          "--rows must be at least " + FEWEST_ROWS + ", so that 0.5 % are ten, --questions 1");
    }
    SearchBench bench = new SearchBench(surroundings.bench("search"));
    surroundings.screen().out().println(bench.run(rows, questions));
    return ExitCode.DONE;
  }
}
