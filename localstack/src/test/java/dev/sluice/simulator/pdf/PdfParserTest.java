package dev.sluice.simulator.pdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.samples.SampleDocuments;
import dev.sluice.simulator.document.ParsedPage;
import dev.sluice.simulator.document.Unparseable;
import dev.sluice.simulator.document.Unparseable.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PdfParserTest {
  @TempDir private Path directory;

  @Test
  void readsHeadingsParagraphsListsAndTablesOfThePolicy() throws Exception {
    String policy = text(SampleDocuments.insurancePolicy());

    assertThat(policy)
        .contains("# Home and Motor Insurance Policy\n")
        .contains("## 2 Buildings\n")
        .contains("### 2.4 Escape of water\n")
        .contains("#### Excess\n\nThe first part of any claim, which you pay yourself.")
        .contains("- flood from outside the home;\n")
        .contains("1. Damage that happens gradually, such as wear, rot, rust, mould and damp.\n")
        .contains("| Cash, vouchers and tickets | 800 euros |\n");
  }

  @Test
  void leavesOutRunningHeadersAndPageNumbers() throws Exception {
    String policy = text(SampleDocuments.insurancePolicy());

    assertThat(policy).doesNotContain("HV-2026-03\n").doesNotContainPattern("Page \\d+ of \\d+");
  }

  @Test
  void keepsAnEmptyTableCellInItsColumn() throws Exception {
    assertThat(text(SampleDocuments.insurancePolicy()))
        .contains("| Excess for escape of water |  | -450 |\n");
  }

  @Test
  void readsOneColumnToItsEndBeforeTheNext() throws Exception {
    String text = text(SampleDocuments.twoColumns());

    assertThat(text).startsWith("# Of Rivers and Kilns: a Page in Two Columns\n");
    assertThat(text.indexOf("River 40")).isLessThan(text.indexOf("Kiln 1 "));
    assertThat(text).contains("Kiln 40 burns through the night on alder and oak.");
  }

  @Test
  void readsRightToLeftTextInTheOrderInWhichItIsRead() throws Exception {
    List<String> lines = text(SampleDocuments.rightToLeft()).lines().toList();

    assertThat(lines).containsSubsequence(SampleDocuments.hebrewLines());
  }

  @Test
  void readsEveryPageOfALongPaperWithFormulas() throws Exception {
    List<ParsedPage> pages = parse(SampleDocuments.formulas(100));

    assertThat(pages).hasSize(100).allMatch(ParsedPage::success);
    assertThat(pages.get(41).markdown())
        .startsWith("# 42 Estimate 42 of the spectrum\n")
        .contains("∑ α")
        .contains("(42.5)");
  }

  @Test
  void readsTheTextOfALargeFile() throws Exception {
    List<ParsedPage> pages = parse(SampleDocuments.large());

    assertThat(pages).hasSize(40);
    assertThat(pages.getLast().markdown()).contains("Page 40 sentence 40 stands above an image");
  }

  @Test
  void saysThatAPasswordIsInTheWay() {
    assertRejected(SampleDocuments.passwordProtected(), Reason.PDF_IS_PROTECTED, "password");
  }

  @Test
  void saysThatATruncatedFileIsIncompleteAndDoesNotGiveItsFirstPages() {
    assertRejected(SampleDocuments.truncated(), Reason.PDF_IS_BROKEN, "its end is missing");
  }

  @Test
  void saysThatPagesOfImagesHaveNoText() {
    assertRejected(SampleDocuments.imageOnly(), Reason.NO_DATA_FOUND_IN_FILE, "only images");
  }

  @Test
  void saysThatAFileWithoutStructureIsDamaged() {
    byte[] garbage = "%PDF-1.7\nnothing\nstartxref\n12\n%%EOF".getBytes(StandardCharsets.US_ASCII);

    assertRejected(garbage, Reason.PDF_IS_BROKEN, "damaged");
  }

  @Test
  void acceptsAFileThatIsPaddedWithZeros() throws Exception {
    byte[] whole = SampleDocuments.twoColumns();

    assertThat(text(Arrays.copyOf(whole, whole.length + 10_000))).contains("Kiln 40");
  }

  @Test
  void givesUpWhenItIsStopped() throws Exception {
    Path file = Files.write(directory.resolve("f.pdf"), SampleDocuments.twoColumns());

    assertThatThrownBy(() -> PdfParser.parse(file, () -> true))
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("stopped before page 1");
  }

  private void assertRejected(byte[] pdf, Reason reason, String message) {
    assertThatThrownBy(() -> parse(pdf))
        .isInstanceOfSatisfying(
            Unparseable.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e).hasMessageContaining(message);
            });
  }

  private String text(byte[] pdf) throws Unparseable, IOException {
    return parse(pdf).stream().map(ParsedPage::markdown).collect(Collectors.joining("\n\n"));
  }

  private List<ParsedPage> parse(byte[] pdf) throws Unparseable, IOException {
    return PdfParser.parse(Files.write(directory.resolve("document.pdf"), pdf), () -> false);
  }
}
