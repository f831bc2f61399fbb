package dev.sluice.cli;

import dev.sluice.cli.bench.PipelineBench;
import dev.sluice.cli.bench.PipelineSettings;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "pipeline",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the durable pipeline beside LangChain4j's in-memory ingestor: the same Markdown,",
      "provider and database, from the first upload to the last document searchable."
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice bench pipeline                        20 documents, 7 rounds: some minutes",
      "  ./sluice bench pipeline --documents 5 --rounds 1     a first look",
      "",
      "Replaces the section Pipeline of docs/benchmarks.md; the figures go to",
      "benchmarks/results/pipeline.json. The functions' logs are kept below",
      ".sluice/bench/pipeline/logs. The cloud of ./sluice up is left alone."
    })
final class PipelineCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(
      names = "--documents",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many in each round (default: ${DEFAULT-VALUE}).")
  private int documents;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "How many are counted (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--latency",
      paramLabel = "MS",
      defaultValue = "200",
      description = "Of each embedding answer, in milliseconds (default: ${DEFAULT-VALUE}).")
  private int latency;

  PipelineCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    if (documents < 1 || rounds < 1 || latency < 1) {
      throw new CommandFailure("--documents, --rounds and --latency must be at least 1");
    }
    PipelineBench bench = new PipelineBench(surroundings.bench("pipeline"));
    surroundings
        .screen()
        .out()
        .println(bench.run(new PipelineSettings(documents, rounds, Duration.ofMillis(latency))));
    return ExitCode.DONE;
  }
}
