package dev.sluice.cli;

import dev.sluice.cli.cloud.Cloud;
import dev.sluice.cli.cloud.Daemon;
import dev.sluice.cli.cloud.RunningCloud;
import dev.sluice.cli.logs.FunctionLogs;
import dev.sluice.cli.terminal.Screen;
import dev.sluice.localstack.real.RealServices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Starts the local cloud and leaves it running.",
    footer = {
      "",
      "Examples:",
      "  ./sluice up                       in the background; ./sluice down stops it",
      "  ./sluice up --logs                and show what the functions log, until Ctrl-C",
      "  ./sluice up --foreground          until Ctrl-C",
      "  ./sluice up --real openai,llamaparse --cap parses=2,usd=0.50",
      "                                    the real providers, which cost money: at most so much",
      "",
      "The gateway listens on 127.0.0.1:7080, the rest on the ports after it;",
      "SLUICE_PORT moves them all. What is stored survives a stop, as it does in AWS."
    })
final class UpCommand implements Callable<Integer> {
  /** Marks the lines of the daemon's log that are meant for whoever waits for its start. */
  static final String STEP = "· ";

  private final Surroundings surroundings;

  @Option(names = "--foreground", description = "Stay here until Ctrl-C.")
  private boolean foreground;

  @Option(names = "--logs", description = "Show the functions' logs as they come.")
  private boolean logs;

  @Mixin private RealOptions real = new RealOptions();

  UpCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    // In this process too: what is missing is said where the command was given.
    RealServices services = real.read(surroundings.environment());
    Optional<RunningCloud> running = surroundings.clouds().running();
    running.ifPresent(real::refuseFor);
    if (foreground) {
      running.ifPresent(UpCommand::refuse);
      stay(services);
      return ExitCode.DONE;
    }
    FunctionLogs past = functionLogs();
    if (running.isPresent()) {
      surroundings.screen().out().println("The local cloud is running already.");
    }
    tell(running.isPresent() ? running.get() : start());
    if (logs) {
      past.follow(() -> surroundings.clouds().running().isPresent(), surroundings.pause());
    }
    return ExitCode.DONE;
  }

  private static void refuse(RunningCloud running) {
    throw new CommandFailure(
        "the local cloud is running already (process "
            + running.pid()
            + "); ./sluice down stops it");
  }

  private RunningCloud start() throws IOException {
    Daemon daemon =
        new Daemon(
            surroundings.clouds(),
            surroundings.workspace().cloudLog(),
            surroundings.clock(),
            surroundings.pause());
    try {
      return daemon.start(Daemon.thisProgram(arguments()), this::show);
    } catch (Daemon.NotStarted notStarted) {
      throw new CommandFailure(notStarted.getMessage());
    }
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("up", "--foreground"));
    arguments.addAll(real.arguments());
    return arguments;
  }

  private void show(String line) {
    if (line.startsWith(STEP)) {
      surroundings.screen().out().println(line);
    } else if (line.startsWith("sluice: ")) {
      surroundings.screen().err().println(line);
    }
    surroundings.screen().out().flush();
    surroundings.screen().err().flush();
  }

  private void stay(RealServices services) throws IOException, InterruptedException {
    FunctionLogs past = functionLogs();
    Screen screen = surroundings.screen();
    try (Cloud cloud = surroundings.clouds().start(Sluice.steps(screen.out()), services)) {
      screen.out().println("The local cloud answers at " + cloud.url() + "; Ctrl-C stops it.");
      screen.out().flush();
      if (logs) {
        past.follow(() -> !Thread.currentThread().isInterrupted(), surroundings.pause());
      } else {
        awaitSignal();
      }
    }
  }

  private FunctionLogs functionLogs() throws IOException {
    return FunctionLogs.in(surroundings.workspace().logs(), surroundings.screen(), null, null)
        .skipToEnd();
  }

  // The shutdown hook of the cloud does the rest.
  private static void awaitSignal() {
    try {
      Thread.currentThread().join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(RunningCloud running) {
    Screen screen = surroundings.screen();
    screen.out().println();
    // By address, which is the order of the ports.
    running.endpoints().entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .map(endpoint -> "  %-12s %s".formatted(endpoint.getKey(), endpoint.getValue()))
        .forEach(screen.out()::println);
    screen.out().println();
    screen.out().println("Try:");
    screen.out().println("  ./sluice ingest FILE…");
    screen
        .out()
        .println(
            "  curl -H \"Authorization: Bearer $(./sluice token)\" " + running.url() + "/jobs");
    screen
        .out()
        .println("Stop it with ./sluice down. Its log: " + surroundings.workspace().cloudLog());
    screen.out().flush();
  }
}
