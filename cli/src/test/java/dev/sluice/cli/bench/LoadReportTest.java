package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.bench.LockWatch.Locks;
import dev.sluice.cli.bench.MemoryLog.Memory;
import dev.sluice.cli.bench.RunStore.Rows;
import dev.sluice.cli.bench.SoakReport.Calm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoadReportTest {
  private static RunResult result(String name, int complete, double took, Rows rows, int twice) {
    return new RunResult(
        name,
        30,
        complete,
        complete == 30 ? Map.of() : Map.of("parse_timeout", 30 - complete),
        took,
        List.of(1.0, 2.0, 90.0),
        Map.of(FaultKind.KILL, 3),
        44.4,
        120,
        rows,
        twice,
        1,
        0,
        new Locks(0.015, 0.25),
        new Memory("embed", 1.12, 4, "chunk", 512_000_000, 9),
        Map.of(),
        List.of());
  }

  private static RunResult good(String name, double took) {
    return result(name, 30, took, new Rows(300, 0, 0), 1);
  }

  private static SoakReport report(List<RunResult> levels, Optional<Calm> calm) {
    SoakSettings settings =
        new SoakSettings(
            30,
            Corpus.Sizes.MIXED,
            7,
            List.of(1, 5),
            Duration.ofMinutes(10),
            EnumSet.allOf(FaultKind.class),
            Duration.ofSeconds(2),
            calm.isPresent(),
            Path.of("page.md"));
    return new SoakReport(settings, levels, calm, new Machine(2, 24_000_000_000L));
  }

  @Test
  void showsALevelInEachColumn() {
    String text = LoadReport.of(report(List.of(good("1", 60), good("5", 30)), Optional.empty()));
    assertThat(text)
        .startsWith("## Load\n")
        .contains("--documents 30 --seed 7` on 2 cores with 24 GB", "every 2–6 s")
        .contains("| Concurrent executions of each function | 1 | 5 |\n|---|---:|---:|\n")
        .contains("| Complete | 30 of 30 | 30 of 30 |")
        .contains("| Documents per minute | 30.0 | 60.0 |")
        .contains("| Chunks per second | 5.0 | 10.0 |")
        .contains("p50, p95, longest | 2, 90, 90 |")
        .contains("| Faults: processes killed | 3 | 3 |", "| Faults: servers refused | 0 | 0 |")
        .contains("| Longest recovery | 44 s | 44 s |")
        .contains("| Most function processes at once | 9 | 9 |", "1.5 %, 0.25 s")
        .contains("chunk 512 MB; embed × 1.12 (of 4)")
        .doesNotContain("wrong");
  }

  @Test
  void standsBesideTheEarlierSystemsClaims() {
    var calm =
        new Calm(
            List.of(good("calm 1", 60), good("calm 2", 61), good("calm 3", 62)), good("large", 65));
    String text = LoadReport.of(report(List.of(good("1", 60)), Optional.of(calm)));
    assertThat(text)
        .contains("| 99.5 % | 100.0 % |")
        .contains("| under 5 minutes | 44 s at most |")
        .contains("| under 10 % | 3.3 % |")
        .contains("| at most 10 % slower | 6.6 % slower |")
        .contains("| calm 2 | 30 | 30 | 29.5 | 2.03 |");
  }

  @Test
  void namesFaultsInAFewWords() {
    assertThat(LoadReport.faults(Map.of())).isEqualTo("0 faults");
    assertThat(LoadReport.faults(Map.of(FaultKind.REFUSE, 1)))
        .isEqualTo("1 fault (servers refused 1)");
  }

  @Test
  void saysWhatWasNotRun() {
    String text = LoadReport.of(report(List.of(), Optional.empty()));
    assertThat(text)
        .contains("| 99.5 % | not run |", "| at most 10 % slower | not run |")
        .doesNotContain("Concurrent executions");
  }

  @Test
  void saysWhatWentWrong() {
    var lost = report(List.of(result("5", 28, 60, new Rows(300, 0, 0), 0)), Optional.empty());
    assertThat(lost.isGood()).isFalse();
    assertThat(LoadReport.of(lost))
        .contains("| Not complete, by code | 2 parse_timeout |")
        .contains("**wrong** at 5: 28 of 30 complete (2 parse_timeout)")
        .contains("| 99.5 % | 93.3 % |");
  }

  @Test
  void takesDoubledAndMissingRowsAndUnexplainedPaymentsForWrong() {
    assertThat(result("1", 30, 60, new Rows(300, 1, 0), 0).isGood()).isFalse();
    assertThat(result("1", 30, 60, new Rows(300, 0, 1), 0).isGood()).isFalse();
    assertThat(result("1", 30, 60, new Rows(300, 0, 0), 3).isGood()).isTrue();
    assertThat(result("1", 30, 60, new Rows(300, 0, 0), 4).isGood()).isFalse();
  }
}
