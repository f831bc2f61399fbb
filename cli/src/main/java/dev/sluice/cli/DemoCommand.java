package dev.sluice.cli;

import dev.sluice.cli.api.Json;
import dev.sluice.cli.api.SluiceApi;
import dev.sluice.cli.cloud.Cloud;
import dev.sluice.cli.ingest.DocumentOutcome;
import dev.sluice.cli.terminal.Count;
import dev.sluice.cli.terminal.Passages;
import dev.sluice.cli.terminal.Receipts;
import dev.sluice.cli.terminal.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Shows the whole way of a document: upload, parse, chunk, embed, search.",
    footer = {
      "",
      "Examples:",
      "  ./sluice demo                     the shipped samples",
      "  ./sluice demo lease.pdf notes.md  your own",
      "  ./sluice demo --json > demo.json",
      "  ./sluice demo --real openai       with real embeddings, for which OPENAI_API_KEY pays",
      "",
      "Uses the running cloud (./sluice up), else starts one and stops it at the end."
    })
final class DemoCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "PDF, HTML, Markdown or text; without one, the samples of this repository.")
  private List<String> files = List.of();

  @Option(names = "--json", description = "One JSON object and nothing else on standard output.")
  private boolean json;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "15m",
      converter = Limit.class,
      description = "How long to follow a document (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofMinutes(15);

  @Mixin private RealOptions real = new RealOptions();

  DemoCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean own = !files.isEmpty();
    List<String> documents = own ? files : surroundings.workspace().samples();
    IngestRun run = new IngestRun(surroundings, json, timeout);
    introduce(run.words(), documents, real);
    try (Cloud cloud =
        new ApiOptions().runningOrStarted(surroundings, real, Sluice.steps(run.words()))) {
      SluiceApi api = surroundings.api(cloud);
      List<DocumentOutcome> outcomes = run.ingest(api, documents, null);
      if (!json) {
        receipts(outcomes);
      }
      // The receipts are shown before the search, which may fail where the documents did not.
      SearchReport search = new SampleSearch(api).after(outcomes, own);
      if (json) {
        String report =
            Json.MAPPER.writeValueAsString(new IngestReport(outcomes, search, spending()));
        surroundings.screen().out().println(report);
      } else {
        passages(search);
        end();
      }
      return IngestRun.exitCode(outcomes);
    }
  }

  private static void introduce(PrintWriter to, List<String> documents, RealOptions real) {
    to.println("Sluice: " + Count.of(documents.size(), "document") + ", " + real.where() + ".");
    to.flush();
  }

  private void receipts(List<DocumentOutcome> outcomes) {
    surroundings.screen().out().println();
    new Receipts(surroundings.screen()).print(outcomes);
    surroundings.screen().out().println();
    surroundings.screen().out().flush();
  }

  private void passages(@Nullable SearchReport search) {
    Screen screen = surroundings.screen();
    if (search != null) {
      screen.out().println(screen.bold("Search: " + search.query()));
      new Passages(screen).print(search.answer());
      screen.out().println();
    }
  }

  private @Nullable RealSpending spending() throws IOException {
    return RealSpending.in(surroundings.workspace().state());
  }

  private void end() throws IOException {
    Screen screen = surroundings.screen();
    RealSpending spending = spending();
    if (spending != null) {
      screen.out().println(spending.line());
    }
    screen.out().println("Full log: " + surroundings.workspace().logs() + " (./sluice logs)");
    screen.out().flush();
  }
}
