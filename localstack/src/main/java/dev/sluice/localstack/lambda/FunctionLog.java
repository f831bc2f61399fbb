package dev.sluice.localstack.lambda;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** What all processes of one function print, line by line, in {@code logs/NAME.log}. */
final class FunctionLog implements AutoCloseable {
  private final String name;
  private final Writer file;
  private final Consumer<String> terminal;
  private boolean closed;

  FunctionLog(Path state, String name, Consumer<String> terminal) throws IOException {
    this.name = name;
    this.terminal = terminal;
    Path folder = Files.createDirectories(state.resolve("logs"));
    this.file =
        Files.newBufferedWriter(
            folder.resolve(name + ".log"),
            StandardCharsets.UTF_8,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
  }

  /** Appends a line; a disk that refuses it stops the caller. After the close lines are dropped. */
  synchronized void line(String text) {
    if (closed) {
      return;
    }
    try {
      file.write(text);
      file.write('\n');
      file.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the log of function " + name + " cannot be written", e);
    }
    terminal.accept("%-9s %s".formatted(name, text));
  }

  /** Copies the output until the process closes it. */
  void copy(InputStream output) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        line(line);
      }
    } catch (IOException | UncheckedIOException e) {
      terminal.accept("%-9s its output ends early: %s".formatted(name, e));
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    file.close();
  }
}
