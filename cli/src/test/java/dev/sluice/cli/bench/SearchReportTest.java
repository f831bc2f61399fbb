package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With figures that are made up. */
class SearchReportTest {
  private static final String RESULTS =
      """
      search	scan	20	4000	1.0000	1.0	2.0	3.0
      search	scan	3980	4000	1.0000	10.0	20.0	30.0
      add	scan	4000	9000.0
      build	shared	4000	4.000
      search	shared	20	4000	0.0500	1.0	1.0	1.0
      search	shared	3980	4000	0.9900	2.0	2.0	2.0
      search	shared_iterative	20	4000	0.7000	9.0	9.0	9.0
      search	shared_iterative	3980	4000	0.9900	2.0	2.0	2.0
      add	shared	4000	180.0
      build	own	20	0.020
      build	own	3980	2.000
      search	own	20	4000	1.0000	1.0	1.0	1.0
      search	own	3980	4000	0.9800	4.0	4.0	4.0
      add	own	4000	8100.0
      search	own_later	4776	4776	0.9950	5.0	6.0	7.0
      """;

  @TempDir Path folder;

  @Test
  void setsTheWaysSideBySideForEachTenant() throws IOException {
    assertThat(report().section())
        .startsWith("## Search\n")
        .contains(
            "| 20 of 4,000 (0.5 %) | 1.000, 2.0 ms, 3.0 ms | 0.050, 1.0 ms, 1.0 ms |",
            "| 3,980 of 4,000 (100 %) | 1.000, 20.0 ms, 30.0 ms | 0.990, 2.0 ms, 2.0 ms |",
            " | 0.990, 2.0 ms, 2.0 ms | 0.980, 4.0 ms, 4.0 ms |",
            "| 4,776 | 0.995, 6.0 ms, 7.0 ms |",
            "| Without any index | | 9,000 |",
            "| One index for all | 1,000 | 180 |",
            "| An index of the tenant's own | 1,980 | 8,100 |");
  }

  @Test
  void keepsRatiosForComparisons() throws IOException {
    var ratios = report().figures().path("ratios");
    assertThat(ratios.path("scan_to_own_3980_of_4000").asDouble()).isEqualTo(5);
    assertThat(ratios.path("recall_3980_of_4000").asDouble()).isEqualTo(0.98);
    assertThat(ratios.path("adding_with_own").asDouble()).isEqualTo(0.9);
    assertThat(ratios.path("adding_with_shared").asDouble()).isEqualTo(0.02);
  }

  private SearchReport report() throws IOException {
    var results = Files.writeString(folder.resolve("results.tsv"), RESULTS);
    return new SearchReport(
        SearchFigures.read(results),
        3,
        new Machine(2, 8_000_000_000L),
        Instant.parse("2026-01-31T10:00:00Z"));
  }
}
