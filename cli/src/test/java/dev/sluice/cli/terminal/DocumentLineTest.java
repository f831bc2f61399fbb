package dev.sluice.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.api.Job;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentLineTest {
  private static final Instant BEGIN = Instant.parse("2026-11-24T06:00:00Z");

  @Test
  void waitsForItsTurn() {
    assertThat(render(DocumentLine.waiting("a.pdf"), 100, 0)).startsWith("  a.pdf  waiting");
  }

  @Test
  void fillsTheBarByChunksAndVectors() {
    DocumentLine half =
        DocumentLine.waiting("a.pdf").begun(BEGIN).at(job("chunking", 8, 8, 0, null));
    DocumentLine more =
        DocumentLine.waiting("a.pdf").begun(BEGIN).at(job("embedding_in_progress", 8, 8, 4, null));

    assertThat(render(half, 100, 2))
        .contains("chunking     ████████████░░░░░░░░░░░░ 8/8 chunks")
        .endsWith("2.0 s");
    assertThat(render(more, 100, 75))
        .contains("embedding    ██████████████████░░░░░░ 4/8 vectors")
        .endsWith("1:15");
  }

  @Test
  void leavesTheBarAwayWhereThereIsNoRoom() {
    DocumentLine line =
        DocumentLine.waiting("a.pdf").begun(BEGIN).at(job("embedding_in_progress", 8, 8, 4, null));
    assertThat(render(line, 50, 2)).contains("embedding    4/8 vectors").doesNotContain("█");
  }

  @Test
  void saysWhatAJobWaitsFor() {
    DocumentLine line =
        DocumentLine.waiting("a.pdf").begun(BEGIN).at(job("embedding_queued", 0, 0, 0, "budget"));
    assertThat(render(line, 100, 2)).contains("waits: budget");
  }

  @ParameterizedTest
  @CsvSource({"40", "41", "60", "80", "120", "300"})
  void isNeverWiderThanTheTerminal(int columns) {
    String name = "a very long file name that nobody would type twice.pdf";
    DocumentLine line =
        DocumentLine.waiting(name).begun(BEGIN).at(job("chunking", 1000, 10, 0, null));
    assertThat(Columns.width(render(line, columns, 3))).isLessThan(columns);
  }

  private static String render(DocumentLine line, int columns, int seconds) {
    Screen screen =
        new Screen(
            new PrintWriter(new StringWriter()),
            new PrintWriter(new StringWriter()),
            columns,
            false);
    return line.render(screen, BEGIN.plusSeconds(seconds), Columns.width(line.name()));
  }

  private static Job job(String status, int total, int chunks, int vectors, @Nullable String wait) {
    return new Job(
        "d",
        "j",
        1,
        "a.pdf",
        status,
        new Job.Progress(2, null, total, chunks, 0, 1, 0, vectors),
        wait,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
