package dev.sluice.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownChunkerTest {
  private static final MarkdownChunker SMALL = new MarkdownChunker(new ChunkPlan(40, 10));
  private static final MarkdownChunker DEFAULT = new MarkdownChunker(ChunkPlan.DEFAULT);

  private static final String SENTENCE = "The insurer pays for damage by tap water. ";
  private static final String LONG = SENTENCE.repeat(8).strip();

  @Test
  void givesAShortTextAsOneChunk() {
    List<Chunk> chunks = DEFAULT.chunk("# Policy\n\nWater is covered.\n");
    assertThat(chunks)
        .containsExactly(
            new Chunk(
                0,
                "# Policy\n\nWater is covered.",
                "",
                7,
                null,
                null,
                "Policy",
                List.of("Policy"),
                0,
                28,
                0));
  }

  @Test
  void givesNoChunkForATextThatSaysNothing() {
    assertThat(DEFAULT.chunk("")).isEmpty();
    assertThat(DEFAULT.chunk("\n \n<!-- page 1 -->\n\u200B\n")).isEmpty();
  }

  @Test
  void putsTheHeadingsInForceBeforeAContinuedSection() {
    List<Chunk> chunks = SMALL.chunk("# Policy\n\nIntro.\n\n## Cover\n\n" + LONG + "\n");
    Chunk first = chunkWith(chunks, "## Cover");
    Chunk last = chunks.getLast();
    assertThat(first.headingPrefix()).isEqualTo("Policy\n\n");
    assertThat(last.headingPrefix()).isEqualTo("Policy > Cover\n\n");
    assertThat(last.embeddedText()).isEqualTo("Policy > Cover\n\n" + last.text());
    assertThat(last.headingPath()).containsExactly("Policy", "Cover");
    assertThat(last.section()).isEqualTo("Cover");
  }

  @Test
  void readsUnderlinedHeadings() {
    List<Chunk> chunks = SMALL.chunk("Policy\n======\n\nCover\n---\n\n" + LONG);
    assertThat(chunks.getLast().headingPath()).containsExactly("Policy", "Cover");
  }

  @Test
  void takesEmphasisAndClosingMarksOutOfTitles() {
    List<Chunk> chunks = DEFAULT.chunk("## **Water** `damage` ##\n\nText.");
    assertThat(chunks.getFirst().headingPath()).containsExactly("Water damage");
  }

  @Test
  void mergesSmallSiblingsUnderTheirParent() {
    List<Chunk> chunks = DEFAULT.chunk("# A\n\n## B\n\nOne.\n\n## C\n\nTwo.\n");
    assertThat(chunks).hasSize(1);
    assertThat(chunks.getFirst().headingPath()).containsExactly("A");
    assertThat(chunks.getFirst().section()).isEqualTo("B");
  }

  @Test
  void keepsSectionsOfDifferentParentsApart() {
    List<Chunk> chunks =
        SMALL.chunk(
            "# A\n\n## B\n\n"
                + "One two three four five six seven eight nine ten eleven twelve.\n\n"
                + "### D\n\nTwo.\n\n# E\n\nThree.\n");
    Chunk three = chunkWith(chunks, "Three.");
    assertThat(three.headingPath()).containsExactly("E");
    assertThat(chunkWith(chunks, "Two.").headingPath()).contains("B");
  }

  @Test
  void doesNotJoinWhatStandsUnderAnotherParent() {
    List<Chunk> chunks =
        DEFAULT.chunk("# A\n\n" + LONG.repeat(8) + "\n\n## B\n\nOne.\n\n# C\n\nTwo.\n");
    assertThat(chunkWith(chunks, "One.")).isNotEqualTo(chunkWith(chunks, "Two."));
  }

  @Test
  void keepsAHeadingWithWhatItIntroduces() {
    List<Chunk> chunks = SMALL.chunk("# A\n\n## B\n\n" + LONG);
    assertThat(chunks.getFirst().text()).startsWith("# A\n\n## B\n\nThe insurer");
    assertThat(chunks.getFirst().headingPath()).containsExactly("A", "B");
    assertThat(chunks.get(1).headingPrefix()).isEqualTo("A > B\n\n");
  }

  @Test
  void keepsAHeadingWithASectionThatFillsAChunkItself() {
    List<Chunk> chunks = SMALL.chunk("# A\n\n## B\n\n" + SENTENCE.repeat(4).strip() + "\n");
    assertThat(chunks).hasSize(1);
    assertThat(chunks.getFirst().text()).startsWith("# A\n\n## B\n\nThe insurer");
    assertThat(chunks.getFirst().headingPath()).containsExactly("A", "B");
  }

  @Test
  void cutsALongParagraphAfterSentences() {
    assertThat(SMALL.chunk(LONG))
        .hasSizeGreaterThan(1)
        .allSatisfy(c -> assertThat(c.text()).endsWith("."));
  }

  @Test
  void repeatsTheEndOfTheChunkBefore() {
    List<Chunk> chunks = SMALL.chunk(LONG);
    assertThat(chunks.getFirst().overlapChars()).isZero();
    assertThat(chunks.get(1).overlapChars()).isEqualTo(SENTENCE.length());
    assertThat(chunks.get(1).text()).startsWith(SENTENCE.strip());
  }

  @Test
  void repeatsNothingAcrossSections() {
    List<Chunk> chunks = SMALL.chunk("# A\n\n" + LONG + "\n\n# B\n\n" + LONG);
    assertThat(chunkWith(chunks, "# B").overlapChars()).isZero();
  }

  @Test
  void doesNotEndASentenceAtAnAbbreviation() {
    String text = "Fees apply, e.g. those of J. Smith, z. B. for no. five. Next one here.";
    assertThat(Cut.SENTENCE.next(text, 0, text.length())).isEqualTo(text.indexOf(" Next"));
  }

  @Test
  void endsSentencesWithoutASpaceInChinese() {
    String text = "\u4FDD\u9669\u3002\u300D\u6761\u6B3E\u3002";
    assertThat(Cut.SENTENCE.next(text, 0, text.length())).isEqualTo(4);
  }

  @Test
  void cutsTablesBetweenRows() {
    String table = "| a | b |\n|---|---|\n" + "| water damage | yes, always |\n".repeat(20);
    assertThat(new MarkdownChunker(new ChunkPlan(40, 0)).chunk(table))
        .hasSizeGreaterThan(2)
        .allSatisfy(chunk -> assertThat(chunk.text()).startsWith("|").endsWith("|"));
  }

  @Test
  void cutsListsBetweenItems() {
    String list = "- water damage is covered,\n  but not always\n".repeat(20);
    assertThat(new MarkdownChunker(new ChunkPlan(40, 0)).chunk(list))
        .hasSizeGreaterThan(2)
        .allSatisfy(chunk -> assertThat(chunk.text()).startsWith("- ").endsWith("always"));
  }

  @Test
  void cutsCodeBetweenLinesAndSeesNoHeadingInIt() {
    String code = "```\n" + "# int water = damage.of(policy);\n".repeat(20) + "```\n";
    assertThat(new MarkdownChunker(new ChunkPlan(40, 0)).chunk(code))
        .hasSizeGreaterThan(2)
        .allSatisfy(
            chunk -> {
              assertThat(chunk.headingPath()).isEmpty();
              assertThat(chunk.text()).matches("(?s)(```|# int).*(;|```)");
            });
  }

  @Test
  void seesNoHeadingInAFenceInsideAList() {
    List<Chunk> chunks = DEFAULT.chunk("1. Do:\n\n   ```\n# no\n   ```\n\n2. Done\n");
    assertThat(chunks).hasSize(1);
    assertThat(chunks.getFirst().section()).isNull();
  }

  @Test
  void seesNoHeadingInFrontMatter() {
    List<Chunk> chunks = SMALL.chunk("---\ntitle: Policy\nlang: en\n---\n\n# Cover\n\n" + LONG);
    assertThat(chunks.getLast().headingPath()).containsExactly("Cover");
  }

  @Test
  void takesARuleWithoutAnEndForNoFrontMatter() {
    assertThat(SMALL.chunk("---\n\n# Cover\n\n" + LONG).getLast().section()).isEqualTo("Cover");
    assertThat(SMALL.chunk("---\n<!-- page 1 -->\n# A\n---\n" + LONG).getLast().section())
        .isEqualTo("A");
  }

  @Test
  void namesThePagesOfAChunkAndLeavesTheMarksOut() {
    String text = "<!-- page 3 -->\n\nOne.\n\n<!-- page 4 -->\n\nTwo.\n\n<!-- page 5 -->\n";
    List<Chunk> chunks = DEFAULT.chunk(text);
    assertThat(chunks).hasSize(1);
    assertThat(chunks.getFirst().text()).isEqualTo("One.\n\nTwo.");
    assertThat(chunks.getFirst().page()).isEqualTo(3);
    assertThat(chunks.getFirst().lastPage()).isEqualTo(4);
    assertThat(chunks.getFirst().endOffset()).isEqualTo(text.length());
  }

  @Test
  void startsAPageInsideASectionWhereTheSectionContinues() {
    String text = "<!-- page 1 -->\n# A\n\n" + LONG + "\n\n<!-- page 2 -->\n\n" + LONG + "\n";
    List<Chunk> chunks = SMALL.chunk(text);
    assertThat(chunks.getFirst().page()).isEqualTo(1);
    assertThat(chunks.getLast().page()).isEqualTo(2);
    assertThat(chunks.getLast().headingPath()).containsExactly("A");
    assertThat(chunks).noneSatisfy(chunk -> assertThat(chunk.text()).contains("<!--"));
  }

  @Test
  void capsTheHeadingLineFromTheOutside() {
    String title = "Very long title of many words that nobody reads ".repeat(3).strip();
    String text =
        "# " + title + "\n\n## Other " + title + "\n\n### " + title + "\n\n#### Last " + title;
    Chunk chunk = SMALL.chunk(text + "\n\n" + LONG).getLast();
    assertThat(new TokenCounter().count(chunk.headingPrefix()))
        .isLessThanOrEqualTo(HeadingPrefix.MAX_TOKENS + 1);
    assertThat(chunk.headingPrefix()).contains("Last Very long").doesNotStartWith(title);
    assertThat(chunk.headingPath()).hasSize(4);
  }

  @Test
  void cutsAnEndlessTitleInTheHeadingLine() {
    Chunk chunk = SMALL.chunk("# " + "\u4FDD\u9669".repeat(5_000) + "\n\n" + LONG).getLast();
    assertThat(chunk.headingPrefix()).isNotBlank();
    assertThat(new TokenCounter().count(chunk.headingPrefix()))
        .isLessThanOrEqualTo(HeadingPrefix.MAX_TOKENS + 1);
    assertThat(chunk.section()).hasSize(200);
  }

  @Test
  void stripsWhiteSpaceThatFillsAWholeChunk() {
    List<Chunk> chunks = SMALL.chunk("a" + " ".repeat(20_000) + "b");
    assertThat(chunks).extracting(Chunk::text).containsExactly("a", "b");
  }

  private static Chunk chunkWith(List<Chunk> chunks, String text) {
    return chunks.stream().filter(chunk -> chunk.text().contains(text)).findFirst().orElseThrow();
  }
}
