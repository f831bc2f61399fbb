package dev.sluice.cli;

import dev.sluice.cli.cloud.RunningCloud;
import picocli.CommandLine.Command;

@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = "Prints a development token for the running local cloud.",
    footer = {
      "",
      "Examples:",
      "  curl -H \"Authorization: Bearer $(./sluice token)\" http://127.0.0.1:7080/jobs"
    })
final class TokenCommand implements Runnable {
  private final Surroundings surroundings;

  TokenCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    String token =
        surroundings
            .clouds()
            .recorded()
            .map(RunningCloud::token)
            .orElseThrow(() -> new CommandFailure(ApiOptions.NONE_RUNS));
    surroundings.screen().out().println(token);
  }
}
