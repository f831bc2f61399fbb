package dev.sluice.cli;

import dev.sluice.cli.api.ApiException;
import dev.sluice.cli.faults.AdminRefused;
import dev.sluice.localstack.LocalCloudException;
import dev.sluice.localstack.cache.CacheUnavailable;
import dev.sluice.localstack.postgres.PostgresUnavailable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.flywaydb.core.api.exception.FlywayValidateException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into a sentence; the stack trace goes to a file. */
final class Failures {
  private final Surroundings surroundings;

  Failures(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  int misused(ParameterException misuse, String[] arguments) {
    CommandLine command = misuse.getCommandLine();
    say(String.valueOf(misuse.getMessage()));
    UnmatchedArgumentException.printSuggestions(misuse, surroundings.screen().err());
    String name = command.getCommandSpec().qualifiedName();
    surroundings.screen().err().println("Try: " + name + " --help");
    surroundings.screen().err().flush();
    return ExitCode.CANNOT;
  }

  int failed(Exception failure, CommandLine command, ParseResult parsed) {
    if (isSentence(failure)) {
      say(String.valueOf(failure.getMessage()));
      if (failure.getCause() != null) {
        keep(failure);
      }
    } else {
      Path log = keep(failure);
      say(sentence(failure) + " (the whole of it is in " + log + ")");
    }
    surroundings.screen().err().flush();
    return ExitCode.CANNOT;
  }

  // These are thrown with a sentence that needs no stack trace beside it.
  private static boolean isSentence(Exception failure) {
    return failure instanceof CommandFailure
        || failure instanceof ApiException
        || failure instanceof AdminRefused
        || failure instanceof LocalCloudException
        || failure instanceof CacheUnavailable
        || failure instanceof PostgresUnavailable;
  }

  private void say(String sentence) {
    PrintWriter err = surroundings.screen().err();
    err.println(surroundings.screen().red("sluice: ") + sentence);
  }

  private static String sentence(Throwable failure) {
    if (failure instanceof FlywayValidateException) {
      return "the local database was made by another version of Sluice;"
          + " ./sluice reset begins with an empty one";
    }
    String message = failure.getMessage();
    Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : null;
    if (message == null || message.isBlank()) {
      return "something unforeseen happened: " + failure.getClass().getSimpleName();
    }
    return cause == null ? message : message + ": " + cause.getMessage();
  }

  private Path keep(Exception failure) {
    Path log = surroundings.workspace().commandLog();
    try {
      Files.createDirectories(surroundings.workspace().logs());
      Files.write(
          log,
          List.of(surroundings.clock().instant() + " " + trace(failure)),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException unwritable) {
      // The sentence is still said; a full or read-only disk is what it is probably about.
      failure.addSuppressed(unwritable);
    }
    return log;
  }

  private static String trace(Exception failure) {
    java.io.StringWriter trace = new java.io.StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }
}
