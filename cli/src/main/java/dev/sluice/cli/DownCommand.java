package dev.sluice.cli;

import dev.sluice.cli.cloud.RunningCloud;
import dev.sluice.cli.cloud.Stopper;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description = "Stops the local cloud. What it stored stays for the next start.",
    footer = {"", "Examples:", "  ./sluice down", "  ./sluice reset      forgets what was stored"})
final class DownCommand implements Runnable {
  private final Surroundings surroundings;

  DownCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    Optional<RunningCloud> running = surroundings.clouds().recorded();
    if (running.isEmpty()) {
      surroundings.screen().out().println("No local cloud is running.");
      return;
    }
    stop(surroundings, running.get());
  }

  /** Stops it and says what was stopped, and what had to be killed. */
  static void stop(Surroundings surroundings, RunningCloud running) {
    Stopper.Outcome outcome = new Stopper().stop(running.pid());
    if (!outcome.stopped().isEmpty()) {
      surroundings.screen().out().println("Stopped " + String.join(", ", outcome.stopped()) + ".");
    }
    if (!outcome.killed().isEmpty()) {
      surroundings
          .screen()
          .out()
          .println("Killed, after 30 s: " + String.join(", ", outcome.killed()) + ".");
    }
  }
}
