package dev.sluice.cli;

import dev.sluice.cli.cloud.Steps;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command's entrance. */
@Command(
    name = "./sluice",
    mixinStandardHelpOptions = true,
    version = "Sluice 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Takes documents from upload to searchable vectors.",
      "Everything runs on this machine: no account, no Docker, nothing listens beyond 127.0.0.1."
    },
    footer = {
      "",
      "Start here:",
      "  ./sluice demo                     the shipped samples, from upload to search",
      "  ./sluice demo contract.pdf        the same with a document of your own",
      "",
      "Then keep it running:",
      "  ./sluice up",
      "  ./sluice ingest report.pdf notes.md",
      "  ./sluice search \"who bears the cost of repair\"",
      "  ./sluice retry DOCUMENT           after a failure; also cancel, rollback, delete",
      "  ./sluice down",
      "",
      "Exit codes: 0 done (of documents: every one is complete), 1 a document failed,",
      "2 the command line or its surroundings are at fault.",
      "More about one command: ./sluice COMMAND --help"
    })
public final class Sluice implements Runnable {
  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    Surroundings surroundings = ThisMachine.surroundings();
    int code = commandLine(surroundings).execute(arguments);
    surroundings.screen().out().flush();
    surroundings.screen().err().flush();
    ThisMachine.finished();
    // A failed start has loaded few of the classes that the next one needs.
    if (code == ExitCode.DONE) {
      ClassArchive.write();
    }
    System.exit(code);
  }

  static CommandLine commandLine(Surroundings surroundings) {
    CommandLine commandLine =
        new CommandLine(new Sluice())
            .addSubcommand(new DemoCommand(surroundings))
            .addSubcommand(new UpCommand(surroundings))
            .addSubcommand(new DownCommand(surroundings))
            .addSubcommand(new IngestCommand(surroundings))
            .addSubcommand(new StatusCommand(surroundings))
            .addSubcommand(new SearchCommand(surroundings))
            .addSubcommand(new RetryCommand(surroundings))
            .addSubcommand(new CancelCommand(surroundings))
            .addSubcommand(new RollbackCommand(surroundings))
            .addSubcommand(new DeleteCommand(surroundings))
            .addSubcommand(new RedriveCommand(surroundings))
            .addSubcommand(new BudgetCommand(surroundings))
            .addSubcommand(new IndexCommand(surroundings))
            .addSubcommand(new LogsCommand(surroundings))
            .addSubcommand(new ResetCommand(surroundings))
            .addSubcommand(new MigrateCommand(surroundings))
            .addSubcommand(new TokenCommand(surroundings))
            .addSubcommand(new FaultsCommand(surroundings))
            .addSubcommand(bench(surroundings))
            .addSubcommand(new TestCommand());
    Failures failures = new Failures(surroundings);
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(surroundings.screen().out())
        .setErr(surroundings.screen().err())
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                surroundings.screen().colour()
                    ? CommandLine.Help.Ansi.ON
                    : CommandLine.Help.Ansi.OFF))
        .setUsageHelpWidth(surroundings.screen().width())
        .setParameterExceptionHandler(failures::misused)
        .setExecutionExceptionHandler(failures::failed);
  }

  private static CommandLine bench(Surroundings surroundings) {
    return new CommandLine(new BenchCommand(surroundings))
        .addSubcommand(new ChunkingCommand(surroundings))
        .addSubcommand(new VectorsCommand(surroundings))
        .addSubcommand(new PipelineCommand(surroundings))
        .addSubcommand(new GrowthCommand(surroundings))
        .addSubcommand(new NeighboursCommand(surroundings))
        .addSubcommand(new SoakCommand(surroundings))
        .addSubcommand(new LimitsCommand(surroundings));
  }

  /** Shows each step of a start as a line. */
  static Steps steps(java.io.PrintWriter to) {
    return what -> {
      to.println(UpCommand.STEP + what);
      to.flush();
    };
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }
}
