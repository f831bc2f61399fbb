package dev.sluice.localstack.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessRecordsTest {
  @TempDir Path state;

  /** Launches a process that waits for ever, tells its id, and waits too. */
  static final class Parent {
    public static void main(String[] arguments) throws Exception {
      ProcessRecords records = new ProcessRecords(Path.of(arguments[0]));
      Process child = new ProcessLauncher(records).launch(waiting(ProcessRecords.MARK));
      System.err.println(child.pid());
      child.waitFor();
    }
  }

  @Test
  void endsAProcessThatAnEarlierRunLeftBehind() throws Exception {
    Process process = waiting(ProcessRecords.MARK).start();
    ProcessRecords records = new ProcessRecords(state);
    records.add(process.toHandle());

    assertThat(records.killLeftovers()).isEqualTo(1);

    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(state.resolve("processes")).isEmptyDirectory();
  }

  @Test
  void leavesAProcessThatIsNotOurs() throws Exception {
    Process stranger = waiting("stranger").start();
    Process later = waiting(ProcessRecords.MARK).start();
    try {
      ProcessRecords records = new ProcessRecords(state);
      records.add(stranger.toHandle());
      Path record = state.resolve("processes").resolve(String.valueOf(later.pid()));
      Files.writeString(record, "2001-01-01T00:00:00Z");

      assertThat(records.killLeftovers()).isZero();

      assertThat(stranger.isAlive()).isTrue();
      assertThat(later.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
      later.destroyForcibly();
    }
  }

  @Test
  void endsProcessesWithTheirParentEvenIfItIsKilled() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                state.toString())
            .start();
    try (BufferedReader output = parent.errorReader()) {
      ProcessHandle child = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();

      parent.destroyForcibly();

      child.onExit().get(10, TimeUnit.SECONDS);
      assertThat(child.isAlive()).isFalse();
    }
  }

  private static ProcessBuilder waiting(String mark) throws IOException {
    return new ProcessBuilder("/bin/sh", "-c", "read nothing", mark);
  }
}
