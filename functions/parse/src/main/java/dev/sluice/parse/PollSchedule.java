package dev.sluice.parse;

import dev.sluice.parse.ParserOptions.Submit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When to ask the parser for a job whose callback has not come, counted from its submission. The
 * last time is the parser's own longest job timeout; after it the job is given up.
 */
final class PollSchedule {
  private static final List<Duration> BEHIND_CALLBACKS =
      Stream.of(2, 5, 15, 30, 60, 120).map(Duration::ofMinutes).toList();

  /** Nothing will call back: the sweep asks as often as it runs, at first. */
  private static final List<Duration> INSTEAD_OF_CALLBACKS =
      Stream.concat(
              Stream.of(Duration.ofSeconds(5), Duration.ofSeconds(50), Duration.ofSeconds(110)),
              Stream.of(3, 4, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120).map(Duration::ofMinutes))
          .toList();

  private PollSchedule() {}

  /** How long to wait from {@code elapsed} on; empty when the job is overdue. */
  static Optional<Duration> next(Submit submit, Duration elapsed) {
    var times = submit == Submit.URL ? BEHIND_CALLBACKS : INSTEAD_OF_CALLBACKS;
    return times.stream()
        .filter(time -> time.compareTo(elapsed) > 0)
        .findFirst()
        .map(time -> time.minus(elapsed));
  }
}
