package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.sluice.cli.bench.ChunkMemory.Report;
import dev.sluice.cli.bench.Lines.Line;
import dev.sluice.cli.bench.SoakDocument.Format;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkPartsTest {
  @TempDir Path folder;

  @Test
  void readsTheMemoryThatEachInvocationReported() throws Exception {
    Path log =
        Files.writeString(
            folder.resolve("chunk.log"),
            """
            START RequestId: a Version: $LATEST
            REPORT RequestId: a Duration: 12.10 ms Memory Size: 2048 MB Max Memory Used: 300 MB Init Duration: 900 ms
            {"level": "INFO"}
            REPORT RequestId: b Duration: 2.10 ms Memory Size: 2048 MB Max Memory Used: 412 MB
            """);
    assertThat(Report.read(log)).containsExactly(new Report(2048, 300), new Report(2048, 412));
  }

  @Test
  void tellsWhatShareOfTheCoresWasBusy() {
    CpuTime then = CpuTime.of("cpu  100 0 50 800 50 0 0 0 0 0");
    CpuTime now = CpuTime.of("cpu  160 0 80 805 55 0 0 0 0 0");
    assertThat(now.busySince(then)).isEqualTo(0.9, offset(1e-9));
    assertThat(now.busySince(now)).isZero();
  }

  @Test
  void readsWhatABufferRunHasWritten() throws Exception {
    Path results = Files.writeString(folder.resolve("r.tsv"), "1000\tclaim\t1.5\t2.5\t2.0\n");
    assertThat(BufferTime.read(results))
        .containsExactly(new BufferTime(1000, "claim", List.of(1.5, 2.5, 2.0)))
        .first()
        .extracting(BufferTime::median)
        .isEqualTo(2.0);
  }

  @Test
  void makesAPdfOfAboutTheSizeWithTextOnEachPage() throws Exception {
    Path pdf = folder.resolve("survey.pdf");
    PdfSample.write(pdf, PdfSample.pages(1), 1);
    assertThat(Files.size(pdf)).isBetween(900_000L, 1_150_000L);
    try (var document = Loader.loadPDF(pdf.toFile())) {
      PDFTextStripper last = new PDFTextStripper();
      last.setStartPage(document.getNumberOfPages());
      assertThat(last.getText(document)).hasSizeGreaterThan(1_500);
    }
  }

  @Test
  void makesTheSameTextInAnotherFormat() {
    SoakDocument html = new SoakDocument("paper-1.html", Format.HTML, 2_000, 3);
    SoakDocument markdown = html.as(Format.MARKDOWN);
    assertThat(markdown.filename()).isEqualTo("paper-1.md");
    assertThat(new String(markdown.content(), StandardCharsets.UTF_8)).startsWith("# ");
  }

  @Test
  void drawsWellFormedLinesAndBars() throws Exception {
    for (String svg :
        List.of(
            Lines.svg("Title", List.of("a", "b"), List.of(new Line("one", List.of(1.0, 2.0)))),
            Lines.svg("One place", List.of("a"), List.of(new Line("one", List.of(1.0)))),
            Bars.svg("Title", "s", List.of(new Bars.Bar("one", 1.5))))) {
      var parsed =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
      assertThat(parsed.getDocumentElement().getTagName()).isEqualTo("svg");
    }
  }

  @Test
  void writesSectionsFiguresAndPlotsIntoTheClone() throws Exception {
    BenchmarkPage page = new BenchmarkPage(folder);
    page.figures("one", new Machine(2, 1).figures("one", Instant.EPOCH));
    page.plot("one", "<svg/>");
    page.section("One", "## One\n");
    page.section("Two", "## Two\n");
    page.section("One", "## One again\n");
    assertThat(page.results("one")).content().contains("\"benchmark\" : \"one\"");
    assertThat(folder.resolve("docs/benchmarks/one.svg")).hasContent("<svg/>");
    assertThat(folder.resolve("docs/benchmarks.md"))
        .content()
        .startsWith("# Benchmarks")
        .contains("## One again\n", "## Two\n")
        .doesNotContain("## One\n");
  }
}
