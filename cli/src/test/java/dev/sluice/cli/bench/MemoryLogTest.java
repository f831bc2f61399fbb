package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryLogTest {
  private final MemoryLog log = new MemoryLog();

  private void lives(long pid, String function, double from, double to, long first, long later) {
    double quarter = from + (to - from) / 4;
    for (double at = from; at <= to; at++) {
      log.add(at, pid, function, at < quarter ? first : later);
    }
  }

  @Test
  void measuresGrowthFromTheFirstQuarterOn() {
    log.add(0, 1, "embed", 10);
    log.add(25, 1, "embed", 200);
    log.add(60, 1, "embed", 400);
    log.add(100, 1, "embed", 300);
    var seen = log.seen();
    assertThat(seen.growth()).isEqualTo(1.5);
    assertThat(seen.grownFunction()).isEqualTo("embed");
    assertThat(seen.largest()).isEqualTo(400);
    assertThat(seen.largestFunction()).isEqualTo("embed");
  }

  @Test
  void leavesOutProcessesThatLivedLessThanHalfTheRun() {
    lives(1, "embed", 0, 100, 100, 100);
    lives(2, "chunk", 10, 30, 100, 100);
    log.add(31, 2, "chunk", 900);
    var seen = log.seen();
    assertThat(seen.steady()).isEqualTo(1);
    assertThat(seen.growth()).isEqualTo(1);
    assertThat(seen.grownFunction()).isEqualTo("embed");
    assertThat(seen.largestFunction()).isEqualTo("chunk");
    assertThat(seen.processes()).isEqualTo(2);
  }

  @Test
  void sawNothingWhereNothingRan() {
    assertThat(log.seen().steady()).isZero();
    assertThat(log.seen().largest()).isZero();
  }
}
