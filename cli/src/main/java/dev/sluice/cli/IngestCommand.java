package dev.sluice.cli;

import dev.sluice.cli.api.Json;
import dev.sluice.cli.cloud.Cloud;
import dev.sluice.cli.ingest.DocumentOutcome;
import dev.sluice.cli.terminal.Receipts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = "Uploads documents and follows them until they can be searched.",
    footer = {
      "",
      "Examples:",
      "  ./sluice ingest policy.pdf",
      "  ./sluice ingest --json *.pdf > receipts.json",
      "  ./sluice ingest --document 3b9f… policy-v2.pdf     the next generation of a document",
      "",
      "Without a running cloud (./sluice up) one is started for this command and stopped after it.",
      "The same bytes are the same document: ingesting them again makes its next generation."
    })
final class IngestCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private ApiOptions api = new ApiOptions();

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "PDF, HTML, Markdown or text.")
  private List<String> files = List.of();

  @Option(
      names = "--document",
      paramLabel = "ID",
      description = "Replace this document's content (one file only).")
  private @Nullable String document;

  @Option(names = "--json", description = "One JSON object and nothing else on standard output.")
  private boolean json;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "15m",
      converter = Limit.class,
      description = "How long to follow a document (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofMinutes(15);

  IngestCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (document != null && files.size() > 1) {
      throw new CommandFailure("--document names one document, so it takes one file");
    }
    IngestRun run = new IngestRun(surroundings, json, timeout);
    try (Cloud cloud =
        api.runningOrStarted(surroundings, new RealOptions(), Sluice.steps(run.words()))) {
      List<DocumentOutcome> outcomes = run.ingest(surroundings.api(cloud), files, document);
      if (json) {
        String report = Json.MAPPER.writeValueAsString(new IngestReport(outcomes, null, null));
        surroundings.screen().out().println(report);
      } else {
        surroundings.screen().out().println();
        new Receipts(surroundings.screen()).print(outcomes);
      }
      return IngestRun.exitCode(outcomes);
    }
  }
}
