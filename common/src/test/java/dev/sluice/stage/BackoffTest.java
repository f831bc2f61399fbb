package dev.sluice.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  @ParameterizedTest
  @CsvSource({"0, 3", "1, 3", "2, 6", "3, 12", "4, 24", "7, 192", "8, 300", "1000000, 300"})
  void doublesFromThreeSecondsToFiveMinutes(int attempts, int seconds) {
    assertThat(Backoff.after(attempts)).isEqualTo(Duration.ofSeconds(seconds));
  }
}
