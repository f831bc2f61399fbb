package dev.sluice.localstack.postgres;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A PostgreSQL of this machine whose installation has the vector extension, 0.8 or newer. */
final class InstalledPostgres {
  private static final Pattern MAJOR = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

  private static final Pattern VECTOR =
      Pattern.compile("(?m)^default_version\\s*=\\s*'(?:0\\.(?:[89]|\\d\\d)|[1-9])");

  /** Roots and patterns below which package managers put a version's programs. */
  private static final List<List<String>> USUAL =
      List.of(
          List.of("/usr/lib/postgresql", "*/bin"),
          List.of("/usr", "pgsql-*/bin"),
          List.of("/usr/local/pgsql", "bin"),
          List.of("/opt/homebrew/opt", "postgresql*/bin"),
          List.of("/usr/local/opt", "postgresql*/bin"),
          List.of("/home/linuxbrew/.linuxbrew/opt", "postgresql*/bin"),
          List.of("/Applications/Postgres.app/Contents/Versions", "*/bin"));

  private InstalledPostgres() {}

  /** The newest one among those on the search path and in the usual directories. */
  static Optional<PostgresBinaries> find(String searchPath) {
    Set<Path> directories = new LinkedHashSet<>();
    for (String entry : searchPath.split(":", -1)) {
      if (!entry.isEmpty()) {
        real(Path.of(entry, "initdb")).map(Path::getParent).ifPresent(directories::add);
        announced(Path.of(entry, "pg_config")).ifPresent(directories::add);
      }
    }
    USUAL.forEach(place -> directories.addAll(below(Path.of(place.get(0)), place.get(1))));
    return newest(directories);
  }

  static Optional<PostgresBinaries> newest(Iterable<Path> directories) {
    List<Path> usable = new ArrayList<>();
    for (Path directory : directories) {
      if (PostgresBinaries.complete(directory) && hasVector(directory)) {
        usable.add(directory);
      }
    }
    return usable.stream()
        .max(Comparator.comparingInt(InstalledPostgres::major))
        .map(directory -> new PostgresBinaries(directory, List.of()));
  }

  private static boolean hasVector(Path directory) {
    return shareDirectories(directory).stream()
        .anyMatch(share -> isNewEnough(share.resolve("extension/vector.control")));
  }

  private static boolean isNewEnough(Path control) {
    try {
      return VECTOR.matcher(Files.readString(control)).find();
    } catch (IOException e) {
      return false;
    }
  }

  /** What the installation's own pg_config says; without one, the two usual layouts. */
  private static List<Path> shareDirectories(Path directory) {
    Path config = directory.resolve("pg_config");
    if (Files.isExecutable(config)) {
      return List.of(Path.of(output(config, "--sharedir")));
    }
    Path prefix = directory.resolveSibling("share");
    return List.of(
        prefix,
        prefix.resolve("postgresql"),
        Path.of("/usr/share/postgresql", String.valueOf(major(directory))));
  }

  private static int major(Path directory) {
    Matcher version = MAJOR.matcher(output(directory.resolve("postgres"), "--version"));
    return version.find() ? Integer.parseInt(version.group(1)) : 0;
  }

  private static Optional<Path> announced(Path config) {
    return Files.isExecutable(config)
        ? real(Path.of(output(config, "--bindir")))
        : Optional.empty();
  }

  private static String output(Path program, String argument) {
    return new Command(List.of(program.toString(), argument), Map.of()).run().output().strip();
  }

  private static Optional<Path> real(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<Path> below(Path root, String pattern) {
    String[] parts = pattern.split("/", 2);
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(root, parts[0])) {
      for (Path child : children) {
        found.add(parts.length == 1 ? child : child.resolve(parts[1]));
      }
    } catch (IOException e) {
      return List.of();
    }
    return found;
  }
}
