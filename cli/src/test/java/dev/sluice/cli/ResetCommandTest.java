package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResetCommandTest {
  @TempDir Path folder;
  private Path state;
  private Bench bench;

  @BeforeEach
  void start() throws IOException {
    state = folder.resolve(".sluice");
    Files.createDirectories(state.resolve("objects/raw"));
    Files.writeString(state.resolve("objects/raw/a.pdf"), "x");
    Files.writeString(state.resolve("secrets.json"), "{}");
    Files.writeString(state.resolve("build.stamp"), "abc");
    bench = new Bench(folder);
  }

  @Test
  void forgetsWhatWasStoredAndKeepsWhatWasBuilt() {
    assertThat(bench.run("reset", "--yes")).isZero();
    assertThat(state).isDirectoryContaining("glob:**/build.stamp");
    assertThat(state.resolve("objects")).doesNotExist();
    assertThat(state.resolve("secrets.json")).doesNotExist();
    assertThat(bench.out()).contains("Forgotten.");
  }

  @Test
  void asksFirst() {
    bench.keyboard = "y\n";
    assertThat(bench.run("reset")).isZero();
    assertThat(bench.out()).contains("Delete every document, queue, secret and log in " + state);
    assertThat(state.resolve("objects")).doesNotExist();
  }

  @Test
  void changesNothingWithoutAYes() {
    bench.keyboard = "no\n";
    assertThat(bench.run("reset")).isEqualTo(2);
    bench.keyboard = "";
    assertThat(bench.run("reset")).isEqualTo(2);
    assertThat(state.resolve("objects/raw/a.pdf")).exists();
    assertThat(bench.out()).contains("Nothing was changed.");
  }

  @Test
  void isContentWithNothingToForget() {
    assertThat(new Bench(folder.resolve("none")).run("reset", "-y")).isZero();
  }
}
