package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.cli.api.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** With figures that are made up. */
class GrowthReportTest {
  private static final GrowthReport REPORT =
      new GrowthReport(
          List.of(
              new BufferTime(1_000, "transition", List.of(1.0, 2.0, 3.0)),
              new BufferTime(1_000, "list", List.of(4.0, 4.0, 4.0)),
              new BufferTime(1_000_000, "transition", List.of(2.0, 2.5, 3.0)),
              new BufferTime(1_000_000, "list", List.of(40.0, 40.0, 40.0))),
          List.of(new ChunkMemory(10, 5_000, 3.25, 1_024, 2_048, 1)),
          Optional.of(
              new PdfCourse(
                  25_000_000,
                  600,
                  2_000,
                  20,
                  List.of(
                      place("uploaded", 1),
                      place("parse_queued", 6),
                      place("chunking", 3),
                      place("embeddings_stored", 2),
                      place("provider", 0.4)),
                  0.75)),
          Duration.ofMillis(200),
          new Machine(2, 8_000_000_000L),
          Instant.parse("2026-01-31T10:00:00Z"));

  private static PlaceTime place(String name, double seconds) {
    return new PlaceTime(name, seconds, seconds, seconds);
  }

  @Test
  void setsEachSizeBesideTheOthers() {
    assertThat(REPORT.section())
        .startsWith("## Growth\n")
        .contains("| | 1,000 rows | 1,000,000 rows | Last beside first | Spread |")
        .contains("|---|---:|---:|---:|---:|")
        .contains("| Move a job on | 2.00 | 2.50 | 1.25 × | 40 % |")
        .contains("| GET /jobs | 4.00 | 40.00 | 10.00 × | 0 % |")
        .contains("| 10 MB | 5,000 | 3.3 s | 1,024 MB | 1 |")
        .contains("PDF of 25.0 MB, 600 pages", "2,000 chunks, 20.0 s")
        .contains("| `parse_queued` | 6.00 s |")
        .doesNotContain("provider`");
  }

  @Test
  void leavesOutWhatWasNotMeasured() {
    assertThat(
            new GrowthReport(
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    Duration.ZERO,
                    REPORT.machine(),
                    REPORT.takenAt())
                .section())
        .doesNotContain("row-level", "PDF", "Peak");
  }

  @Test
  void keepsRatiosForComparisons() throws Exception {
    JsonNode ratios = written().path("ratios");
    assertThat(ratios.path("transition_growth").asDouble()).isEqualTo(1.25);
    assertThat(ratios.path("list_growth").asDouble()).isEqualTo(10);
    assertThat(ratios.path("memory_of_limit_at_10_mb").asDouble()).isEqualTo(0.5);
  }

  @Test
  void drawsALineForEachStepThatShouldBeFlat() {
    assertThat(REPORT.plot())
        .contains("<polyline", ">Move a job on<", ">1,000,000 rows<")
        .doesNotContain("GET /jobs<");
  }

  @Test
  void setsTheEarlierSystemsFiguresBesideOurs() throws Exception {
    JsonNode pipeline = Json.MAPPER.readTree(PipelineReportTest.REPORT.figures().toPrettyString());
    assertThat(new EarlierReport(written(), pipeline).section())
        .contains("| A state transition | < 10 ms | 2.5 ms | none |")
        .contains("| Parsing 25 MB | < 30 s | 7.00 s | none |")
        .contains("| 1,000 chunks | < 5 s | 1.50 s | 0.50 s |")
        .contains("| 256 vectors | < 10 s | 0.75 s | 1.28 s |")
        .contains("| 25 MB in all | < 3 min | 20.00 s | none |")
        .contains("| Overhead of the buffers | < 20 % | 10 % | none |");
  }

  @Test
  void inventsNoFigureThatWasNotMeasured() {
    JsonNode none = MissingNode.getInstance();
    assertThat(new EarlierReport(none, none).section())
        .contains("| A state transition | < 10 ms | not measured | none |")
        .contains("| 1,000 chunks | < 5 s | not measured | not measured |")
        .contains("`growth` (not measured)");
  }

  private static JsonNode written() throws Exception {
    return Json.MAPPER.readTree(REPORT.figures().toPrettyString());
  }
}
