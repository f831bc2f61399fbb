package dev.sluice.cli;

import dev.sluice.cli.bench.ChunkingRun;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "chunking",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the chunker beside LangChain4j's and Spring AI's splitters and jtokkit, how it",
      "grows with the text, and what hostile texts cost it. Takes some minutes."
    },
    footer = {
      "",
      "Examples:",
      "  ./sluice bench chunking     also replaces the section Chunking of docs/benchmarks.md",
      "",
      "The figures go to benchmarks/results/chunking.json. The first run downloads the peers."
    })
final class ChunkingCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  ChunkingCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Workspace workspace = surroundings.workspace();
    ChunkingRun run =
        new ChunkingRun(workspace.root(), workspace.state().resolve("bench"), surroundings.clock());
    surroundings.screen().out().println(run.run());
    return ExitCode.DONE;
  }
}
