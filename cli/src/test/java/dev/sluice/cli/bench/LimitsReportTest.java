package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.bench.LimitsReport.Level;
import dev.sluice.cli.bench.LimitsReport.Outage;
import dev.sluice.cli.bench.LimitsReport.Reached;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class LimitsReportTest {
  private static final Outage OUTAGE =
      new Outage(4, 7, 10, 10, "full_text", OptionalDouble.of(4.4), OptionalDouble.of(9.6));

  private static Level level(int executions, double share, int refused) {
    return new Level(executions, new Reached(share, 200, refused), new Reached(share, 50, 0));
  }

  private static LimitsReport report(List<Level> levels, Optional<Outage> outage) {
    return new LimitsReport(
        new LimitsSettings(
            List.of(1, 2),
            400_000,
            40,
            Duration.ofSeconds(75),
            Duration.ofMinutes(1),
            Path.of("p")),
        levels,
        outage,
        new Machine(2, 24_000_000_000L));
  }

  @Test
  void showsALevelInEachColumnAndTheOutage() {
    var report = report(List.of(level(1, 0.97, 0), level(2, 0.954, 1)), Optional.of(OUTAGE));
    assertThat(report.isGood()).isTrue();
    assertThat(report.text())
        .startsWith("## Limits\n")
        .contains("on 2 cores", "400,000 tokens a minute", "40 requests a minute")
        .contains("| Concurrent executions of each function | 1 | 2 |\n|---|---:|---:|\n")
        .contains("| Tokens: of the limit | 0.97 | 0.95 |")
        .contains("| Tokens: calls, refused | 200, 0 | 200, 1 |")
        .contains("503 for 60 s, at 4 concurrent executions")
        .contains("| Documents chunked meanwhile, of those uploaded meanwhile | 10 of 10 |")
        .contains("| A search meanwhile | full_text |")
        .contains("| From its return to the first answer | 4 s |")
        .contains("| From its return to 0.9 of the limit | 10 s |");
  }

  @Test
  void isNotGoodBelowTheLimitOrWithManyRefusals() {
    assertThat(report(List.of(level(1, 0.89, 0)), Optional.empty()).isGood()).isFalse();
    assertThat(report(List.of(level(1, 0.95, 2)), Optional.empty()).isGood()).isFalse();
  }

  @Test
  void isNotGoodIfTheThroughputDoesNotComeBack() {
    var lost =
        new Outage(4, 7, 10, 10, "full_text", OptionalDouble.empty(), OptionalDouble.empty());
    var report = report(List.of(level(1, 0.95, 0)), Optional.of(lost));
    assertThat(report.isGood()).isFalse();
    assertThat(report.text())
        .contains("| From its return to 0.9 of the limit | not within the run |");
  }

  @Test
  void leavesOutAnOutageThatWasNotRun() {
    assertThat(report(List.of(level(1, 0.95, 0)), Optional.empty()).text()).doesNotContain("503");
  }
}
