package dev.sluice.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The clone, and the state that Sluice keeps in it. */
record Workspace(Path root) {

  Path state() {
    return root.resolve(".sluice");
  }

  Path logs() {
    return state().resolve("logs");
  }

  /** What the cloud itself says, its functions' logs apart. */
  Path cloudLog() {
    return logs().resolve("cloud.log");
  }

  Path commandLog() {
    return logs().resolve("cli.log");
  }

  /** The documents that the repository ships, by name. */
  List<String> samples() {
    Path samples = root.resolve("localstack/samples");
    try (Stream<Path> files = Files.list(samples)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("README"))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .map(Path::toString)
          .sorted()
          .toList();
    } catch (IOException missing) {
      throw new UncheckedIOException("the samples in " + samples + " could not be read", missing);
    }
  }
}
