package dev.sluice.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The checkout under test. */
final class Repository {
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  /** Every Lambda function, as its folder is called. */
  static final List<String> FUNCTIONS =
      List.of("api", "webhook", "parse", "validate", "chunk", "embed", "finalize", "sweep");

  private Repository() {}

  static String text(String path) {
    try {
      return Files.readString(ROOT.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
