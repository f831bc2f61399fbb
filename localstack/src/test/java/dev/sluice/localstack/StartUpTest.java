package dev.sluice.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StartUpTest {
  private final List<String> steps = new ArrayList<>();
  private final List<String> closed = new ArrayList<>();
  private final StartUp startUp = new StartUp((step, took) -> steps.add(step));

  @Test
  void closesInTheReverseOrderEvenIfOneRefuses() throws Exception {
    startUp.timedStart("a", () -> () -> closed.add("a"));
    startUp.keep(
        "b",
        () -> {
          throw new IOException("refused");
        });
    startUp.keep("c", () -> closed.add("c"));

    startUp.close();
    startUp.close();

    assertThat(steps).containsExactly("a");
    assertThat(closed).containsExactly("c", "a");
  }

  @Test
  void closesAtOnceWhatStartsAfterTheStop() {
    AtomicBoolean late = new AtomicBoolean();
    startUp.close();

    assertThatThrownBy(() -> startUp.keep("late", () -> late.set(true)))
        .hasMessage("The local cloud was stopped while it started.");
    assertThat(late).isTrue();
  }

  @Test
  void passesOnWhyAStepFailed() {
    assertThatThrownBy(
            () ->
                StartUp.join(
                    startUp.begin(
                        "x",
                        () -> {
                          throw new IOException("disk");
                        })))
        .isInstanceOf(IOException.class)
        .hasMessage("disk");
    assertThatThrownBy(
            () ->
                StartUp.join(
                    startUp.begin(
                        "x",
                        () -> {
                          throw new IllegalStateException("no");
                        })))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () ->
                StartUp.join(
                    startUp.begin(
                        "x",
                        () -> {
                          throw new java.sql.SQLException("role");
                        })))
        .isInstanceOf(LocalCloudException.class)
        .hasMessageContaining("role");
    assertThat(steps).isEmpty();
  }
}
