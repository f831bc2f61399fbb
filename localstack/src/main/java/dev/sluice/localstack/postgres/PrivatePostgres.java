package dev.sluice.localstack.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * PostgreSQL 15 with pgvector built for this user alone, once a machine; provision.sh does the
 * work.
 */
final class PrivatePostgres {
  private static final String SCRIPT = "provision.sh";

  private PrivatePostgres() {}

  /**
   * The build below the cache directory, made first if it is not there. Needs the network only for
   * that.
   *
   * @throws PostgresUnavailable with the script's own sentence if it cannot be built here
   */
  static PostgresBinaries provide(Path cache, Consumer<String> progress) {
    Path target = cache.resolve("postgres-15");
    if (!PostgresBinaries.complete(target.resolve("bin"))) {
      build(target, progress);
    }
    return new PostgresBinaries(target.resolve("bin"), libraries(target));
  }

  private static void build(Path target, Consumer<String> progress) {
    try {
      Path script = Files.createTempFile("sluice", SCRIPT);
      try (InputStream source = PrivatePostgres.class.getResourceAsStream(SCRIPT)) {
        if (source == null) {
          throw new IllegalStateException(SCRIPT + " is not in the jar");
        }
        Files.write(script, source.readAllBytes());
        Command.Outcome outcome =
            new Command(List.of("bash", script.toString(), target.toString()), Map.of())
                .run(progress);
        if (!outcome.succeeded()) {
          throw new PostgresUnavailable(outcome.explanation());
        }
      } finally {
        Files.delete(script);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Debian keeps libraries in a directory named after the machine, such as x86_64-linux-gnu. */
  private static List<Path> libraries(Path target) {
    List<Path> directories = new ArrayList<>();
    for (String root : List.of("usr/lib", "lib")) {
      try (DirectoryStream<Path> machine =
          Files.newDirectoryStream(target.resolve(root), "*-linux-gnu*")) {
        machine.forEach(directories::add);
      } catch (IOException e) {
        continue; // This tree has no such directory.
      }
    }
    return directories;
  }
}
