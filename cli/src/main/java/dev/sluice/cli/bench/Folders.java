package dev.sluice.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Deletes what runs have left. */
final class Folders {
  private Folders() {}

  /** Deletes all that is in a folder that is there. */
  static void empty(Path folder) throws IOException {
    try (var parts = Files.list(folder)) {
      for (Path part : parts.toList()) {
        delete(part);
      }
    }
  }

  static void delete(Path part) throws IOException {
    try (var files = Files.walk(part)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
