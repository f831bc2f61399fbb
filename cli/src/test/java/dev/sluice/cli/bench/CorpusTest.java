package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.bench.Corpus.Sizes;
import dev.sluice.cli.bench.SoakDocument.Format;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CorpusTest {
  private static List<SoakDocument> documents(int count, long textSeed, int rounds) {
    return Corpus.documents(count, Sizes.MIXED, 1, textSeed, rounds);
  }

  private static String text(SoakDocument document) {
    return new String(document.content(), StandardCharsets.UTF_8);
  }

  private static List<Integer> sizes(List<SoakDocument> documents) {
    return documents.stream().map(SoakDocument::bytes).toList();
  }

  @Test
  void keepsToTheSharesOfSizesAndFormats() {
    var documents = documents(200, 1, 1);
    assertThat(documents).hasSize(200);
    assertThat(documents).filteredOn(one -> one.bytes() < 20_000).hasSize(120);
    assertThat(documents)
        .filteredOn(one -> one.bytes() >= 50_000 && one.bytes() < 200_000)
        .hasSize(60);
    assertThat(documents).filteredOn(one -> one.bytes() >= 500_000).hasSize(20);
    assertThat(documents).filteredOn(one -> one.format() == Format.MARKDOWN).hasSize(120);
  }

  @Test
  void makesTheSameDocumentsFromTheSameSeed() {
    assertThat(documents(20, 7, 1)).isEqualTo(documents(20, 7, 1));
    var document = documents(20, 7, 1).getFirst();
    assertThat(document.content()).isEqualTo(document.content());
  }

  @Test
  void givesEachDocumentRoughlyItsSize() {
    assertThat(documents(20, 1, 1))
        .allSatisfy(
            one -> assertThat(one.content().length).isBetween(one.bytes(), one.bytes() + 2_500));
  }

  @Test
  void sharesNoParagraphBetweenDocumentsNorRuns() {
    var all = new java.util.ArrayList<>(documents(20, 1, 1));
    all.addAll(documents(20, 2, 1));
    Set<String> seen = new HashSet<>();
    for (var document : all) {
      Arrays.stream(text(document).split("\n"))
          .filter(line -> line.length() > 120)
          .forEach(
              line ->
                  assertThat(seen.add(line.replaceAll("</?p>", "")))
                      .as("a paragraph that was there before: %s", line)
                      .isTrue());
    }
    assertThat(seen).hasSizeGreaterThan(1_000);
  }

  @Test
  void repeatsSizesButNotTextsInFurtherRounds() {
    var large = documents(10, 3, 3);
    assertThat(sizes(large.subList(10, 20))).isEqualTo(sizes(large.subList(0, 10)));
    assertThat(sizes(large.subList(0, 10))).isEqualTo(sizes(documents(10, 4, 1)));
    assertThat(large.stream().map(SoakDocument::filename)).doesNotHaveDuplicates();
    assertThat(text(large.get(0))).isNotEqualTo(text(large.get(10)));
  }

  @Test
  void writesHeadingsInEitherFormat() {
    var documents = Corpus.documents(10, Sizes.SMALL, 1, 1, 1);
    assertThat(documents).allMatch(one -> one.bytes() < 20_000);
    for (var document : documents) {
      switch (document.format()) {
        case MARKDOWN -> assertThat(text(document)).startsWith("# ").contains("\n## ");
        case HTML ->
            assertThat(text(document))
                .startsWith("<!doctype html>")
                .contains("<h1>", "<h2>", "<p>")
                .endsWith("</body></html>\n");
      }
    }
  }
}
