package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.sluice.cli.bench.PipelineReport.Peers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With figures that are made up. */
class PipelineReportTest {
  static final PipelineReport REPORT =
      new PipelineReport(
          new PipelineSettings(20, 3, Duration.ofMillis(200)),
          5,
          3_400_000,
          List.of(round(4, 8, 6), round(5, 9, 5), round(4.5, 9.5, 5.5)),
          List.of(new PlaceTime("uploaded", 0.5, 0.8, 1), new PlaceTime("provider", 0.2, 0.3, 0.4)),
          new Peers("1.2.3", "1.2.3-beta4"),
          new Machine(2, 8_000_000_000L),
          Instant.parse("2026-01-31T10:00:00Z"));

  private static PipelineRound round(double ours, double oneByOne, double threads) {
    return new PipelineRound(
        ours,
        1_500,
        0.9,
        new PeerIngest.Result(oneByOne, 1_000, 0.5, 4, 1),
        new PeerIngest.Result(threads, 1_000, 0.6, 5, 2));
  }

  @Test
  void setsMediansSpreadsAndRatiosSideBySide() {
    assertThat(REPORT.section())
        .startsWith("## Pipeline\n")
        .contains("on 2 cores with 8 GB and Java 25, 2026-01-31: 20 Markdown documents")
        .contains("3.4 MB in all", "takes 200 ms", "LangChain4j 1.2.3\n", "1.2.3-beta4 with pooled")
        .contains("| Sluice | 4.50 s | 22 % | 1,500 | 1.00 × |")
        .contains("| LangChain4j, one after the other | 9.00 s | 17 % | 1,000 | 2.00 × |")
        .contains("| LangChain4j, 5 threads | 5.50 s | 18 % | 1,000 | 1.22 × |")
        .contains("90 % of the cores were busy. Where its jobs")
        .contains("| `uploaded` | 0.500 s | 0.800 s | 1.000 s |")
        .contains("| Call of the provider | 0.200 s | 0.300 s | 0.400 s |");
  }

  @Test
  void keepsTheFiguresForComparisons() {
    var figures = REPORT.figures();
    assertThat(figures.path("benchmark").asText()).isEqualTo("pipeline");
    assertThat(figures.at("/ratios/langChain4j_one_by_one").asDouble()).isEqualTo(2);
    assertThat(figures.at("/ratios/langChain4j_threads").asDouble())
        .isEqualTo(5.5 / 4.5, offset(1e-9));
    assertThat(figures.at("/peer/seconds_for_1000_chunks").asDouble()).isEqualTo(0.5);
    assertThat(figures.at("/peer/seconds_for_256_vectors").asDouble())
        .isEqualTo(256 * 5 / 1_000.0, offset(1e-9));
  }

  @Test
  void drawsABarForEach() {
    assertThat(REPORT.plot()).contains(">Sluice<", ">LangChain4j, 5 threads<", "4.5 s", "9.0 s");
  }
}
