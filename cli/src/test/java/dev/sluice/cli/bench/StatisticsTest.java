package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  private static final List<Double> HUNDRED =
      IntStream.rangeClosed(1, 100).mapToObj(i -> (double) (101 - i)).toList();

  @Test
  void findsPercentilesByRank() {
    assertThat(Statistics.percentile(HUNDRED, 0.5)).isEqualTo(50);
    assertThat(Statistics.percentile(HUNDRED, 0.95)).isEqualTo(95);
    assertThat(Statistics.percentile(List.of(3.0), 0.5)).isEqualTo(3);
    assertThat(Statistics.percentile(List.of(), 0.5)).isZero();
    assertThat(Statistics.largest(HUNDRED)).isEqualTo(100);
  }

  @Test
  void findsTheMedianOfOddAndEvenCounts() {
    assertThat(Statistics.median(List.of(9.0, 1.0, 4.0))).isEqualTo(4);
    assertThat(Statistics.median(List.of(9.0, 1.0, 4.0, 2.0))).isEqualTo(3);
    assertThat(Statistics.median(List.of())).isZero();
  }

  @Test
  void statesTheSpreadAsAShareOfTheMedian() {
    assertThat(Statistics.spread(List.of(95.0, 100.0, 103.0))).isEqualTo(0.08, within(1e-9));
    assertThat(Statistics.spread(List.of())).isZero();
  }
}
