package dev.sluice.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.parse.ParserOptions.Submit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PollScheduleTest {
  @Test
  void asksForALostCallbackAfterTwoFiveFifteenMinutesAndSoOn() {
    assertThat(times(Submit.URL)).containsExactly(2L, 5L, 15L, 30L, 60L, 120L);
  }

  @Test
  void asksSoonAndOftenWhereNothingCanCallBack() {
    assertThat(times(Submit.UPLOAD)).startsWith(0L, 0L, 1L, 3L, 4L).endsWith(120L);
  }

  @Test
  void countsFromTheSubmissionAndNotFromTheLastQuestion() {
    assertThat(PollSchedule.next(Submit.URL, Duration.ofSeconds(200)))
        .contains(Duration.ofSeconds(100));
  }

  @Test
  void givesUpAfterTheParsersLongestTimeout() {
    assertThat(PollSchedule.next(Submit.URL, Duration.ofHours(2))).isEmpty();
    assertThat(PollSchedule.next(Submit.UPLOAD, Duration.ofHours(3))).isEmpty();
  }

  private static List<Long> times(Submit submit) {
    var times = new ArrayList<Long>();
    var elapsed = Duration.ZERO;
    for (var wait = PollSchedule.next(submit, elapsed);
        wait.isPresent();
        wait = PollSchedule.next(submit, elapsed)) {
      elapsed = elapsed.plus(wait.get());
      times.add(elapsed.toMinutes());
    }
    return times;
  }
}
