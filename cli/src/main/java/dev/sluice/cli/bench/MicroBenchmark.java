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

  private final BenchmarkModule module;
  private final Path folder;

  /**
   * @param folder for JMH's own words and results
   */
  MicroBenchmark(BenchmarkModule module, Path folder) {
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
    module.run(JMH, arguments(classes, results), log);
    if (Files.notExists(results)) {
      throw new IOException("no benchmark was found; what JMH said is in " + log);
    }
    List<Measurement> measurements = new ArrayList<>();
    for (JsonNode one : Json.MAPPER.readTree(results.toFile())) {
      measurements.add(Measurement.of(one));
    }
    return measurements;
  }

  private static List<String> arguments(List<String> classes, Path results) {
    return List.of(
        "\\.(" + String.join("|", classes) + ")\\.",
        "-foe",
        "true",
        "-rf",
        "json",
        "-rff",
        results.toString());
  }
}
