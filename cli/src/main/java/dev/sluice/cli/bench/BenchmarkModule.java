package dev.sluice.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The module that has the peers, which runs in processes of its own.
 *
 * @param folder built: its classes and what they need in {@code target}
 */
record BenchmarkModule(Path folder) {
  /** The command that runs a class of it. */
  List<String> java(String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(folder.resolve("target/classes") + ":" + folder.resolve("target/lib") + "/*");
    command.add(mainClass);
    command.addAll(arguments);
    return command;
  }

  /**
   * Runs a class of it to its end.
   *
   * @param log for all that it says
   * @throws IOException if it fails; says where its words are
   */
  void run(String mainClass, List<String> arguments, Path log)
      throws IOException, InterruptedException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    Process process =
        new ProcessBuilder(java(mainClass, arguments))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (waitFor(process) != 0) {
      throw new IOException("the benchmark failed; what it said is in " + log);
    }
  }

  private static int waitFor(Process process) throws InterruptedException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      throw e;
    }
  }

  /** The version of a library that it runs with, by its jar. */
  String version(String library) throws IOException {
    try (var jars = Files.list(folder.resolve("target/lib"))) {
      return jars.map(jar -> jar.getFileName().toString())
          .filter(jar -> jar.matches(library + "-[0-9][0-9a-z.-]*\\.jar"))
          .map(jar -> jar.substring(library.length() + 1, jar.length() - ".jar".length()))
          .findFirst()
          .orElse("of no known version");
    }
  }
}
