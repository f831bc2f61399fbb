package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.cloud.RunningCloud;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpAndDownTest {
  private static final URI GATEWAY = URI.create("http://127.0.0.1:7080");

  @TempDir Path folder;

  @Test
  void tellsWhereARunningCloudIs() {
    Bench bench = new Bench(folder).running(GATEWAY);
    assertThat(bench.run("up")).isZero();
    assertThat(bench.out())
        .contains("The local cloud is running already.")
        .contains("gateway", "http://127.0.0.1:7080")
        .contains("curl -H \"Authorization: Bearer $(./sluice token)\" http://127.0.0.1:7080/jobs")
        .contains("Stop it with ./sluice down");
  }

  @Test
  void doesNotRunTwice() {
    Bench bench = new Bench(folder).running(GATEWAY);
    assertThat(bench.run("up", "--foreground")).isEqualTo(2);
    assertThat(bench.err()).contains("the local cloud is running already (process 1)");
  }

  @Test
  void staysInTheForegroundUntilItIsInterrupted() throws InterruptedException {
    Bench bench = new Bench(folder).startable(GATEWAY);
    Thread command = Thread.ofPlatform().start(() -> bench.run("up", "--foreground"));
    // An interrupt that comes early ends the stay all the same.
    command.interrupt();
    command.join();
    assertThat(bench.started).isOne();
    assertThat(bench.closed).isOne();
    assertThat(bench.out()).contains("answers at http://127.0.0.1:7080; Ctrl-C stops it.");
  }

  @Test
  void stopsTheCloudAndNamesWhatItStopped() throws IOException {
    Process cloud = new ProcessBuilder("sleep", "60").start();
    Bench bench = new Bench(folder).running(cloud(cloud.pid()));
    assertThat(bench.run("down")).isZero();
    assertThat(cloud.isAlive()).isFalse();
    assertThat(bench.out()).contains("Stopped the cloud (process " + cloud.pid() + ").");
  }

  @Test
  void isContentWhenNothingRuns() {
    Bench bench = new Bench(folder);
    assertThat(bench.run("down")).isZero();
    assertThat(bench.out()).contains("No local cloud is running.");
  }

  @Test
  void stopsTheCloudBeforeItForgets() throws IOException {
    Process cloud = new ProcessBuilder("sleep", "60").start();
    Bench bench = new Bench(folder).running(cloud(cloud.pid()));
    assertThat(bench.run("reset", "--yes")).isZero();
    assertThat(cloud.isAlive()).isFalse();
  }

  private static RunningCloud cloud(long pid) {
    return new RunningCloud(pid, GATEWAY, Map.of(), "t");
  }
}
