package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.sluice.cli.bench.VectorsReport.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With figures that are made up. */
class VectorsReportTest {
  private static final VectorsReport REPORT =
      new VectorsReport(
          List.of(
              time("sluice", 256, 1.0, 1.1, 0.9),
              time("copy_constraints", 256, 0.6, 0.6, 0.6),
              time("copy_key", 256, 0.25, 0.25, 0.25),
              time("langchain4j", 256, 0.8, 0.8, 0.8),
              time("spring_ai", 256, 5.0, 5.0, 5.0),
              time("sluice", 2_048, 0.8, 0.8, 0.8),
              time("copy_constraints", 2_048, 0.4, 0.4, 0.4),
              time("copy_key", 2_048, 0.2, 0.2, 0.2),
              time("langchain4j", 2_048, 0.8, 0.8, 0.8),
              time("spring_ai", 2_048, 8.0, 8.0, 8.0),
              new WriteTime("index_absent", 1_000, 1_000, List.of(0.05, 0.05)),
              new WriteTime("index_present", 1_000, 1_000, List.of(5.0, 5.0))),
          new Peers("1.2.3-beta4", "2.3.4"),
          new Machine(2, 8_000_000_000L),
          Instant.parse("2026-01-31T10:00:00Z"));

  @TempDir Path folder;

  private static WriteTime time(String writer, int rowsACommit, Double... seconds) {
    return new WriteTime(writer, 10_000, rowsACommit, List.of(seconds));
  }

  @Test
  void setsRatesSideBySideWithWhatEachTableEnforces() {
    assertThat(REPORT.section())
        .startsWith("## Vectors\n")
        .contains("on 2 cores with 8 GB and Java 25, 2026-01-31: 10,000 vectors")
        .contains(
            "rounds in turn: 3,", "`PgVectorEmbeddingStore` 1.2.3-beta4", "`PgVectorStore` 2.3.4")
        .contains("| Sluice | 256 | 10,000 | 20 % | 1.00 × | three indexes, a foreign key")
        .contains(
            "| COPY, primary key alone | 2,048 | 50,000 | 0 % | 0.25 × | a primary key; a conf")
        .contains(
            "| LangChain4j | 256 | 12,500 | 0 % | 0.80 × | a primary key; on conflict, update |")
        .contains("| Spring AI | 2,048 | 1,250 | 0 % | 10.00 × |");
  }

  @Test
  void saysOfEachWantedFigureWhetherItWasReached() {
    assertThat(REPORT.section())
        .contains(
            "| at least 0.6 × COPY, same constraints, 256 rows at a time | 0.60 × | reached |")
        .contains(
            "| at least 0.6 × COPY, same constraints, 2,048 rows at a time | 0.50 × | not reached |")
        .contains("| at least 5.0 × LangChain4j, 256 rows at a time | 0.80 × | not reached |")
        .contains("| at least 5.0 × Spring AI, 256 rows at a time | 5.00 × | reached |")
        .doesNotContain("× COPY, primary key alone,");
  }

  @Test
  void saysWhatAnIndexCosts() {
    assertThat(REPORT.section())
        .contains(
            "and 5,000 rows in it, a COPY of\n1,000 rows falls from 20,000 to 200 rows/s, to 1.0 %");
  }

  @Test
  void keepsTheFiguresForComparisons() {
    var figures = REPORT.figures();
    assertThat(figures.path("benchmark").asText()).isEqualTo("vectors");
    assertThat(figures.at("/ratios/copy_constraints_256").asDouble()).isEqualTo(0.6, offset(1e-9));
    assertThat(figures.at("/ratios/spring_ai_2048").asDouble()).isEqualTo(10, offset(1e-9));
    assertThat(figures.at("/ratios/with_hnsw_index").asDouble()).isEqualTo(0.01, offset(1e-9));
    assertThat(figures.at("/ratios").has("sluice_256")).isFalse();
    assertThat(figures.at("/rows_per_second/sluice_256").asDouble())
        .isEqualTo(10_000, offset(1e-6));
  }

  @Test
  void drawsABarForEach() {
    assertThat(REPORT.plot())
        .contains(">Sluice, 256<", ">Spring AI, 2,048<", "10.0 k", "1.3 k")
        .doesNotContain("index");
  }

  @Test
  void readsWhatARunHasWritten() throws Exception {
    Path results =
        Files.writeString(folder.resolve("r.tsv"), "sluice\t10000\t256\t0.5\t1.5\t1.0\n");
    assertThat(WriteTime.read(results))
        .containsExactly(new WriteTime("sluice", 10_000, 256, List.of(0.5, 1.5, 1.0)))
        .first()
        .extracting(WriteTime::rate)
        .isEqualTo(10_000.0);
  }
}
