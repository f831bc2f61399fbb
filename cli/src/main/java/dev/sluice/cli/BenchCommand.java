package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Measures Sluice on this machine, beside its peers and in clouds of its own.",
    footer = {
      "",
      "Examples:",
      "  ./sluice bench chunking           text splitters side by side",
      "  ./sluice bench soak               load while faults come and go",
      "  ./sluice bench limits             throughput beside a provider's limits",
      "  ./sluice bench soak --help        what it does, and how to make it short"
    })
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name what to measure: chunking, soak or limits");
  }
}
