package dev.sluice.cli.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cli.api.Pause;
import dev.sluice.localstack.real.RealServices;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
  @TempDir Path folder;
  private final List<String> lines = new ArrayList<>();

  @Test
  void passesTheStartsLinesOnUntilTheCloudAnswers() throws Exception {
    Path ready = folder.resolve("ready");
    Files.writeString(folder.resolve("cloud.log"), "from an earlier run\n");

    RunningCloud cloud =
        daemon(() -> Files.exists(ready))
            .start(shell("echo one; echo two; touch '" + ready + "'"), lines::add);

    assertThat(cloud.pid()).isEqualTo(7);
    assertThat(lines).doesNotContain("from an earlier run");
    assertThat(folder.resolve("cloud.log")).content().endsWith("one\ntwo\n");
  }

  @Test
  void saysWhereTheLastWordsOfAFailedStartAre() {
    assertThatThrownBy(() -> daemon(() -> false).start(shell("echo why; exit 3"), lines::add))
        .isInstanceOf(Daemon.NotStarted.class)
        .hasMessageStartingWith("the local cloud ended while it started")
        .hasMessageEndingWith(folder.resolve("cloud.log").toString());
    assertThat(lines).containsExactly("why");
  }

  @Test
  void stopsAStartThatTakesTooLong() {
    Instant[] now = {Instant.EPOCH};
    Daemon daemon =
        new Daemon(
            clouds(() -> false),
            folder.resolve("cloud.log"),
            () -> now[0],
            pause -> now[0] = now[0].plus(Duration.ofMinutes(6)));

    assertThatThrownBy(() -> daemon.start(shell("exec sleep 60"), lines::add))
        .isInstanceOf(Daemon.NotStarted.class)
        .hasMessageContaining("was not ready after 5 minutes and was stopped");
  }

  @Test
  void startsThisVeryProgramAgainWithoutItsTerminal() {
    List<String> command = Daemon.thisProgram(List.of("up", "--foreground"));
    assertThat(command)
        .endsWith("dev.sluice.cli.Sluice", "up", "--foreground")
        .anyMatch(word -> word.endsWith("/bin/java"))
        .noneMatch(word -> word.startsWith("-Dsluice.terminal."));
  }

  private interface Ready {
    boolean isReady() throws IOException;
  }

  private Daemon daemon(Ready ready) {
    return new Daemon(
        clouds(ready), folder.resolve("cloud.log"), InstantSource.system(), Pause.REAL);
  }

  private static List<String> shell(String script) {
    return List.of("/bin/sh", "-c", script);
  }

  private static Clouds clouds(Ready ready) {
    RunningCloud cloud =
        new RunningCloud(7, URI.create("http://127.0.0.1:7080"), Map.of(), "token");
    return new Clouds() {
      @Override
      public Optional<RunningCloud> recorded() {
        return running();
      }

      @Override
      public Optional<RunningCloud> running() {
        try {
          return ready.isReady() ? Optional.of(cloud) : Optional.empty();
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      }

      @Override
      public Cloud start(Steps steps, RealServices real) {
        throw new IllegalStateException();
      }
    };
  }
}
