package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.cli.api.Json;
import dev.sluice.cli.bench.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "[COMMAND]",
    description = {
      "Measures Sluice on this machine, beside its peers and in clouds of its own: everything, or",
      "what the command names. Each run writes its section of docs/benchmarks.md, its plot, and"
          + " its",
      "figures into benchmarks/results."
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice bench                    all but soak and limits, which --long includes",
      "  ./sluice bench chunking           text splitters side by side",
      "  ./sluice bench vectors            writing vectors, beside COPY and other stores",
      "  ./sluice bench pipeline           from upload to search, beside LangChain4j",
      "  ./sluice bench growth             what grows with buffers and documents",
      "  ./sluice bench search             nearest passages, by a tenant's share of them",
      "  ./sluice bench soak               load while faults come and go",
      "  ./sluice bench limits             throughput beside a provider's limits",
      "  ./sluice bench --compare benchmarks/results/chunking.json",
      "                                    runs that one again: have its ratios moved?",
      "  ./sluice bench --compare old.json --with new.json     the same of two runs",
      "  ./sluice bench soak --help        what it does, and how to make it short",
      "",
      "Exit code 1 if a ratio moved by more than 20 %%, or a soak or limits run was not good."
    })
final class BenchCommand implements Callable<Integer> {
  private static final List<String> SHORT =
      List.of("chunking", "vectors", "pipeline", "growth", "search");
  private static final List<String> LONG = List.of("limits", "soak");

  private final Surroundings surroundings;

  @Spec private CommandSpec spec;

  @Option(names = "--long", description = "Include limits and soak: more than an hour.")
  private boolean includeLong;

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      description = "Run the benchmark of these figures and compare its ratios with theirs.")
  private @Nullable Path before;

  @Option(
      names = "--with",
      paramLabel = "FILE",
      description = "With --compare: run nothing, compare with these figures.")
  private @Nullable Path after;

  BenchCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    if (before != null) {
      return compare(before);
    }
    if (after != null) {
      throw new CommandFailure("--with belongs to --compare: name the figures to compare with");
    }
    List<String> names = new ArrayList<>(SHORT);
    if (includeLong) {
      names.addAll(LONG);
    }
    int code = ExitCode.DONE;
    for (String name : names) {
      code = Math.max(code, run(name));
    }
    return code;
  }

  /** The earlier figures are read first: the run may replace the file. */
  private int compare(Path earlier) throws IOException {
    JsonNode old = read(earlier);
    Path later = after;
    if (later == null) {
      String name = benchmark(earlier, old);
      int code = run(name);
      if (code != ExitCode.DONE) {
        return code;
      }
      later = surroundings.workspace().root().resolve("benchmarks/results").resolve(name + ".json");
    }
    Comparison comparison = Comparison.of(old, read(later));
    surroundings.screen().out().print(comparison.text());
    return comparison.isGood() ? ExitCode.DONE : ExitCode.DOCUMENT_FAILED;
  }

  /** What the figures say they are of, or what their file is called. */
  private String benchmark(Path file, JsonNode figures) {
    String stem = file.getFileName().toString().replaceFirst("\\.json$", "");
    String name = figures.path("benchmark").asText(stem);
    if (!SHORT.contains(name)) {
      throw new CommandFailure(file + " is of no benchmark that can be run again: " + name);
    }
    return name;
  }

  private static JsonNode read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new CommandFailure("there is no file " + file);
    }
    JsonNode figures = Json.MAPPER.readTree(file.toFile());
    if (figures.path("ratios").isEmpty()) {
      throw new CommandFailure(file + " holds no ratios: name one of benchmarks/results");
    }
    return figures;
  }

  private int run(String name) {
    return Objects.requireNonNull(spec.subcommands().get(name), name).execute();
  }
}
