package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class UntilInterruptedTest {
  @Test
  void saysNothingMoreOnceInterrupted() throws IOException {
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    AtomicBoolean interrupted = new AtomicBoolean();
    try (UntilInterrupted out = new UntilInterrupted(heard, interrupted)) {
      out.write("before".getBytes(StandardCharsets.UTF_8));
      out.write('.');
      interrupted.set(true);
      out.write("after".getBytes(StandardCharsets.UTF_8));
      out.write('.');
    }
    assertThat(heard.toString(StandardCharsets.UTF_8)).isEqualTo("before.");
  }
}
