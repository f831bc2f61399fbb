package dev.sluice.cli;

import dev.sluice.cli.bench.VectorsBench;
import dev.sluice.cli.bench.VectorsSettings;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "vectors",
    mixinStandardHelpOptions = true,
    description = {
      "Measures how fast the embed function writes vectors beside a bare COPY and the stores of",
      "LangChain4j and Spring AI, in a PostgreSQL of its own, and what an HNSW index costs."
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice bench vectors                             some minutes, and 2 GB of disk",
      "  ./sluice bench vectors --vectors 2000 --rounds 1       a first look",
      "",
      "Replaces the section Vectors of docs/benchmarks.md; the figures go to",
      "benchmarks/results/vectors.json."
    })
final class VectorsCommand implements Callable<Integer> {
  /** An index is measured with tenths of them. */
  private static final int FEWEST = 10;

  private final Surroundings surroundings;

  @Option(
      names = "--vectors",
      paramLabel = "N",
      defaultValue = "10000",
      description = "How many each way writes in each round (default: ${DEFAULT-VALUE}).")
  private int vectors;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many are counted (default: ${DEFAULT-VALUE}).")
  private int rounds;

  VectorsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (vectors < FEWEST || rounds < 1) {
      throw new CommandFailure("--vectors must be at least 10 and --rounds at least 1");
    }
    VectorsBench bench = new VectorsBench(surroundings.bench("vectors"));
    surroundings.screen().out().println(bench.run(new VectorsSettings(vectors, rounds)));
    return ExitCode.DONE;
  }
}
