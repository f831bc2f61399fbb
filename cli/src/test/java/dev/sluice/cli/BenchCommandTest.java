package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"chunking", "vectors", "pipeline", "growth", "search", "soak", "limits"})
  void teachesEachMeasurementByExamples(String name) {
    Bench bench = new Bench(folder);
    assertThat(bench.run("bench", name, "--help")).isZero();
    assertThat(bench.out()).contains("Usage: ./sluice bench " + name, "  ./sluice bench " + name);
  }

  @Test
  void saysWhichRatiosMoved() throws IOException {
    Path before = figures("before", "{\"steady\": 2.0, \"fell\": 2.0, \"gone\": 1.0}");
    Path after = figures("after", "{\"steady\": 2.3, \"fell\": 1.5, \"new\": 1.0}");
    Bench bench = new Bench(folder);
    assertThat(bench.run("bench", "--compare", before.toString(), "--with", after.toString()))
        .isEqualTo(1);
    assertThat(bench.out())
        .containsPattern("steady +2\\.00 +2\\.30 +\\+15 %\n")
        .containsPattern("fell +2\\.00 +1\\.50 +-25 % +moved\n")
        .containsPattern("gone +1\\.00 +– +moved\n")
        .containsPattern("new +– +1\\.00\n")
        .contains("A ratio moved by more than 20 %, or is gone.");
  }

  @Test
  void isContentWithRatiosThatStayed() throws IOException {
    Path same = figures("same", "{\"one\": 2.0}");
    Bench bench = new Bench(folder);
    assertThat(bench.run("bench", "--compare", same.toString(), "--with", same.toString()))
        .isZero();
    assertThat(bench.out()).contains("No ratio moved by more than 20 %.");
  }

  @Test
  void saysWhatCannotBeCompared() throws IOException {
    Bench bench = new Bench(folder);
    assertThat(bench.run("bench", "--compare", folder.resolve("none.json").toString()))
        .isEqualTo(2);
    assertThat(bench.err()).contains("there is no file " + folder.resolve("none.json"));

    Path empty = Files.writeString(folder.resolve("empty.json"), "{}");
    assertThat(bench.run("bench", "--compare", empty.toString())).isEqualTo(2);
    assertThat(bench.err()).contains(empty + " holds no ratios");

    Path unknown = figures("unknown", "{\"one\": 1}");
    assertThat(bench.run("bench", "--compare", unknown.toString())).isEqualTo(2);
    assertThat(bench.err()).contains("is of no benchmark that can be run again: unknown");

    assertThat(bench.run("bench", "--with", unknown.toString())).isEqualTo(2);
    assertThat(bench.err()).contains("--with belongs to --compare");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--rows=10,5", "--rows=-1", "--megabytes=2,1", "--documents=0", "--pdf=-1"})
  void refusesSizesThatDoNotGrow(String option) {
    Bench bench = new Bench(folder);
    assertThat(bench.run("bench", "growth", option)).isEqualTo(2);
    assertThat(bench.err()).contains("--rows and --megabytes must grow");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--documents=0", "--rounds=0", "--latency=0"})
  void refusesARunOfNothing(String option) {
    Bench bench = new Bench(folder);
    assertThat(bench.run("bench", "pipeline", option)).isEqualTo(2);
    assertThat(bench.err()).contains("must be at least 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--vectors=9", "--rounds=0"})
  void refusesTooFewVectors(String option) {
    Bench bench = new Bench(folder);
    assertThat(bench.run("bench", "vectors", option)).isEqualTo(2);
    assertThat(bench.err()).contains("--vectors must be at least 10 and --rounds at least 1");
  }

  private Path figures(String name, String ratios) throws IOException {
    return Files.writeString(folder.resolve(name + ".json"), "{\"ratios\": " + ratios + "}");
  }
}
