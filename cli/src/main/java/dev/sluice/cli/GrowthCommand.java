package dev.sluice.cli;

import dev.sluice.cli.bench.GrowthBench;
import dev.sluice.cli.bench.GrowthSettings;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "growth",
    mixinStandardHelpOptions = true,
    description = {
      "Measures what grows with what: the functions' statements with the rows of the chunk buffer,",
      "the chunk function's memory with the document, and a large PDF through the whole pipeline."
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice bench growth                                  many minutes, and 3 GB of disk",
      "  ./sluice bench growth --rows 1000,10000 --megabytes 1,5 --pdf 2     a first look",
      "",
      "Replaces the section Growth of docs/benchmarks.md; the figures go to",
      "benchmarks/results/growth.json. A size of 0 leaves a part out."
    })
final class GrowthCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(
      names = "--rows",
      paramLabel = "N",
      split = ",",
      defaultValue = "1000,100000,1000000",
      description = "Of the chunk buffer, growing (default: ${DEFAULT-VALUE}).")
  private List<Integer> rows = List.of();

  @Option(
      names = "--documents",
      paramLabel = "N",
      defaultValue = "15",
      description = "How many are measured at each size (default: ${DEFAULT-VALUE}).")
  private int documents;

  @Option(
      names = "--megabytes",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,10,25,60",
      description = "Of the Markdown that is chunked, growing (default: ${DEFAULT-VALUE}).")
  private List<Integer> megabytes = List.of();

  @Option(
      names = "--pdf",
      paramLabel = "N",
      defaultValue = "25",
      description = "Megabytes of the PDF (default: ${DEFAULT-VALUE}).")
  private int pdf;

  GrowthCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    if (documents < 1 || pdf < 0 || !isGrowing(rows) || !isGrowing(megabytes)) {
      throw new CommandFailure(
          "--documents must be at least 1, --rows and --megabytes must grow, no size may be"
              + " negative");
    }
    GrowthBench bench = new GrowthBench(surroundings.bench("growth"));
    surroundings
        .screen()
        .out()
        .println(
            bench.run(new GrowthSettings(positive(rows), documents, positive(megabytes), pdf)));
    return ExitCode.DONE;
  }

  private static boolean isGrowing(List<Integer> sizes) {
    return sizes.stream().allMatch(size -> size >= 0)
        && sizes.equals(sizes.stream().distinct().sorted().toList());
  }

  private static List<Integer> positive(List<Integer> sizes) {
    return sizes.stream().filter(size -> size > 0).toList();
  }
}
