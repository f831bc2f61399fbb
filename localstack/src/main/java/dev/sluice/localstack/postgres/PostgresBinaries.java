package dev.sluice.localstack.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The programs of one PostgreSQL installation.
 *
 * @param libraries directories that the dynamic linker must search first; empty for an installed
 *     one
 */
record PostgresBinaries(Path directory, List<Path> libraries) {

  PostgresBinaries {
    libraries = List.copyOf(libraries);
  }

  static boolean complete(Path directory) {
    return List.of("postgres", "initdb", "pg_ctl").stream()
        .allMatch(program -> Files.isExecutable(directory.resolve(program)));
  }

  /** A run of one of the programs, as a user that PostgreSQL accepts. */
  Command command(ServerUser user, String program, String... arguments) {
    List<String> line = new ArrayList<>(user.prefix());
    line.add(directory.resolve(program).toString());
    line.addAll(List.of(arguments));
    return new Command(line, environment());
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>(Map.of("LC_ALL", "C"));
    if (!libraries.isEmpty()) {
      environment.put(
          "LD_LIBRARY_PATH", String.join(":", libraries.stream().map(Path::toString).toList()));
    }
    return environment;
  }
}
