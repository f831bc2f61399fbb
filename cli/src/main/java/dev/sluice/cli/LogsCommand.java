package dev.sluice.cli;

import dev.sluice.cli.logs.FunctionLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = "Shows the functions' logs as one stream, in the order in which things happened.",
    footer = {
      "",
      "Examples:",
      "  ./sluice logs                     all functions",
      "  ./sluice logs embed --follow      one function, as it goes on",
      "  ./sluice logs --job 5d0c          one job through the whole pipeline",
      "",
      "The files are JSON, one object a line: .sluice/logs/FUNCTION.log"
    })
final class LogsCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(
      arity = "0..1",
      paramLabel = "FUNCTION",
      description = "api, webhook, parse, validate, chunk, embed, finalize or sweep; or cloud.")
  private @Nullable String function;

  @Option(
      names = {"--job", "--document", "--id"},
      paramLabel = "ID",
      description =
          "Only lines with this job, document, message or correlation id; its beginning is enough.")
  private @Nullable String id;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until Ctrl-C.")
  private boolean follow;

  LogsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = surroundings.workspace().logs();
    if (function != null && !follow && !Files.exists(folder.resolve(function + ".log"))) {
      throw new CommandFailure(
          "there is no log of "
              + function
              + " in "
              + folder
              + "; has it run since the last reset?");
    }
    FunctionLogs logs = FunctionLogs.in(folder, surroundings.screen(), function, id);
    int printed = logs.print();
    if (printed == 0 && !follow) {
      surroundings
          .screen()
          .err()
          .println("Nothing logged" + (id == null ? " yet." : " for " + id + "."));
    }
    if (follow) {
      logs.follow(() -> !Thread.currentThread().isInterrupted(), surroundings.pause());
    }
    return ExitCode.DONE;
  }
}
