package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoakCommandTest {
  @TempDir Path folder;

  @Test
  void teachesByExamples() {
    Bench bench = new Bench(folder);
    assertThat(bench.run("bench", "soak", "--help")).isZero();
    assertThat(bench.out())
        .contains("Usage: ./sluice bench soak", "Examples:", "./sluice bench soak --documents 10")
        .contains("default: 200", "default: 1,5,10,20", "default: 10m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--documents=0", "--levels=5,0", "--levels=1001"})
  void refusesNumbersThatMeanNothing(String option) {
    Bench bench = new Bench(folder);
    assertThat(bench.run("bench", "soak", option)).isEqualTo(2);
    assertThat(bench.err()).contains("--documents must be at least 1, --levels between 1 and 1000");
  }

  @Test
  void saysWhatIsNotBuilt() {
    Bench bench = new Bench(folder);
    assertThat(bench.run("bench", "soak", "--documents", "1")).isEqualTo(2);
    assertThat(bench.err()).contains("template.yaml");
  }
}
