package dev.sluice.localstack.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One run of a program, to its end; its standard output is passed on line by line. */
final class Command {
  private final ProcessBuilder builder;

  Command(List<String> line, Map<String, String> environment) {
    builder = new ProcessBuilder(line);
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
  }

  /** Standard error goes to a file: a server started by the program may keep it open for days. */
  record Outcome(int exitCode, String output, String errors) {
    boolean succeeded() {
      return exitCode == 0;
    }

    /** What a person should read: the errors, or the output if there were none. */
    String explanation() {
      return (errors.isBlank() ? output : errors).strip();
    }
  }

  Outcome run() {
    return run(line -> {});
  }

  Outcome run(Consumer<String> progress) {
    try {
      Path errors = Files.createTempFile("sluice", ".err");
      try {
        return run(progress, errors);
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresUnavailable("Interrupted while running " + builder.command().getFirst(), e);
    }
  }

  private Outcome run(Consumer<String> progress, Path errors)
      throws IOException, InterruptedException {
    Process process = builder.redirectError(errors.toFile()).start();
    StringBuilder output = new StringBuilder();
    try (BufferedReader lines = process.inputReader()) {
      lines
          .lines()
          .forEach(
              line -> {
                output.append(line).append('\n');
                progress.accept(line);
              });
      return new Outcome(process.waitFor(), output.toString(), Files.readString(errors));
    } finally {
      process.destroy();
    }
  }

  /** Whether the program can be run here and succeeds. */
  static boolean works(String... line) {
    try {
      return new Command(List.of(line), Map.of()).run().succeeded();
    } catch (UncheckedIOException e) {
      return false;
    }
  }
}
