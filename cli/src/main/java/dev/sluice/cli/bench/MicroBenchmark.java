package dev.sluice.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.cli.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A run of JMH's benchmarks in a process of their own, which nothing of ours warms or disturbs. */
final class MicroBenchmark {
  private static final String JMH = "org.openjdk.jmh.Main";

  private final Path module;
  private final Path folder;

  /**
   * @param module built: its classes and what they need in {@code target}
   * @param folder for JMH's own words and results
   */
  MicroBenchmark(Path module, Path folder) {
    this.module = module;
    this.folder = folder;
  }

  /**
   * JMH's results, one entry a benchmark and parameter.
   *
   * @param name of the run's files
   * @param classes simple names
   * @throws IOException if it failed; says where its words are
   */
  List<Measurement> run(String name, List<String> classes)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path log = folder.resolve(name + ".log");
    Path results = folder.resolve(name + ".json");
    Files.deleteIfExists(results);
    Process process =
        new ProcessBuilder(command(classes, results))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (waitFor(process) != 0 || Files.notExists(results)) {
      throw new IOException("the benchmarks failed; what they said is in " + log);
    }
    List<Measurement> measurements = new ArrayList<>();
    for (JsonNode one : Json.MAPPER.readTree(results.toFile())) {
      measurements.add(Measurement.of(one));
    }
    return measurements;
  }

  /** The version of a library that it ran with, by its jar. */
  String version(String library) throws IOException {
    try (var jars = Files.list(module.resolve("target/lib"))) {
      return jars.map(jar -> jar.getFileName().toString())
          .filter(jar -> jar.matches(library + "-[0-9.]+\\.jar"))
          .map(jar -> jar.substring(library.length() + 1, jar.length() - ".jar".length()))
          .findFirst()
          .orElse("of no known version");
    }
  }

  private List<String> command(List<String> classes, Path results) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        module.resolve("target/classes") + ":" + module.resolve("target/lib") + "/*",
        JMH,
        "\\.(" + String.join("|", classes) + ")\\.",
        "-foe",
        "true",
        "-rf",
        "json",
        "-rff",
        results.toString());
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
}
