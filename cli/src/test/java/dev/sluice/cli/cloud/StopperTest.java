package dev.sluice.cli.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StopperTest {
  @Test
  void killsWhatDoesNotEndWhenAsked() throws IOException {
    Process stubborn =
        new ProcessBuilder(
                "/bin/sh", "-c", "trap '' TERM; sleep 60 & echo up; while :; do wait; done")
            .start();
    try (BufferedReader out = stubborn.inputReader()) {
      assertThat(out.readLine()).isEqualTo("up");
      Stopper.Outcome outcome = new Stopper(Duration.ofMillis(200)).stop(stubborn.pid());
      assertThat(outcome.stopped()).isEmpty();
      assertThat(outcome.killed())
          .hasSize(2)
          .contains("the cloud (process " + stubborn.pid() + ")")
          // Its child, which may not have become `sleep` yet.
          .anyMatch(name -> name.matches("(sleep|dash|sh|bash) \\(process \\d+\\)"));
    }
    assertThat(stubborn.isAlive()).isFalse();
  }

  @Test
  void isContentWithAProcessThatIsGone() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    assertThat(new Stopper().stop(gone.pid()))
        .isEqualTo(new Stopper.Outcome(java.util.List.of(), java.util.List.of()));
  }
}
