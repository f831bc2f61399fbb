package dev.sluice.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.sluice.document.BlankText;
import dev.sluice.document.PageMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for every text and every plan. */
class MarkdownChunkerPropertyTest {
  private static final Encoding CL100K =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

  private static final Pattern LIST = Pattern.compile("(?m)(?:^ *- .*\\n+)+");

  /** Rounding where a word begins a chunk and loses its space. */
  private static final int SLACK = 16;

  @ParameterizedTest
  @CsvSource({"512, 64", "128, 16", "64, 0", "16, 8", "16, 0", "100, 50"})
  void holdsForPlausibleDocuments(int target, int overlap) {
    MarkdownChunker chunker = new MarkdownChunker(new ChunkPlan(target, overlap));
    MarkdownTexts texts = new MarkdownTexts(target * 31L + overlap);
    for (int round = 0; round < 30; round++) {
      holds(chunker, texts.document(round * 2), round);
    }
  }

  @ParameterizedTest
  @CsvSource({"512, 64", "64, 32", "16, 8", "16, 0"})
  void holdsForHostileDocuments(int target, int overlap) {
    MarkdownChunker chunker = new MarkdownChunker(new ChunkPlan(target, overlap));
    MarkdownTexts texts = new MarkdownTexts(target * 37L + overlap);
    for (int round = 0; round < 120; round++) {
      holds(chunker, texts.hostile(round % 40), round);
    }
  }

  /** This repository's: prose, tables, code, diagrams, a table of hundreds of rows. */
  @ParameterizedTest
  @CsvSource({"512, 64", "64, 16", "16, 0"})
  void holdsForRealDocuments(int target, int overlap) throws IOException {
    MarkdownChunker chunker = new MarkdownChunker(new ChunkPlan(target, overlap));
    List<Path> documents = documents();
    assertThat(documents).hasSizeGreaterThan(20);
    for (int i = 0; i < documents.size(); i++) {
      holds(chunker, Files.readString(documents.get(i)), i);
    }
  }

  private static List<Path> documents() throws IOException {
    Path root = Path.of("../..");
    try (Stream<Path> docs = Files.walk(root.resolve("docs"));
        Stream<Path> others = Files.list(root)) {
      return Stream.concat(docs, others)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  @Test
  void takesLinearTimeOnHostileInput() {
    MarkdownChunker chunker = new MarkdownChunker(ChunkPlan.DEFAULT);
    List<String> hostile =
        List.of(
            "x".repeat(50_000),
            "\u4FDD".repeat(60_000),
            " ".repeat(50_000) + "x" + " ".repeat(50_000) + "y",
            "\n".repeat(50_000) + "x" + "\n".repeat(50_000),
            "# a\n".repeat(50_000),
            ">".repeat(10_000) + " deep\n" + "  ".repeat(10_000) + "- deep",
            "- \n".repeat(50_000),
            "```\n" + "x\n\n".repeat(50_000),
            "```\nx\n<!-- page 1 -->\n".repeat(10_000),
            "|a|b|\n|---|---|\n" + "|1|2|\n".repeat(50_000),
            "<!-- page 1 -->\n".repeat(50_000) + "x",
            "<!-- ".repeat(40_000),
            ")".repeat(50_000),
            "!)".repeat(60_000),
            "a\u0301".repeat(40_000),
            "\uD83D\uDE00\u200D".repeat(50_000),
            "-".repeat(50_000),
            "# " + "long title ".repeat(50_000));
    assertTimeoutPreemptively(
        Duration.ofSeconds(120),
        () -> {
          for (String text : hostile) {
            tiles(chunker.chunk(text), text);
          }
        });
  }

  private static void holds(MarkdownChunker chunker, String text, int round) {
    List<Chunk> chunks = chunker.chunk(text);
    assertThat(chunks.isEmpty())
        .as("round %d", round)
        .isEqualTo(BlankText.isBlank(withoutMarks(text), 0, withoutMarks(text).length()));
    tiles(chunks, text);
    chunks.forEach(chunk -> holds(chunker.plan(), chunk, text));
    assertThat(chunker.chunk(text)).isEqualTo(chunks);
  }

  /** Joined without what they repeat, the chunks are the text. */
  private static void tiles(List<Chunk> chunks, String text) {
    StringBuilder joined = new StringBuilder();
    for (Chunk chunk : chunks) {
      assertThat(chunk.startOffset()).isEqualTo(joined.length());
      joined.append(text, chunk.startOffset(), chunk.endOffset());
    }
    assertThat(joined.toString()).isEqualTo(chunks.isEmpty() ? "" : text);
  }

  private static void holds(ChunkPlan plan, Chunk chunk, String text) {
    int from = chunk.startOffset() - chunk.overlapChars();
    String words = PageMark.without(text, from, chunk.endOffset());
    assertThat(chunk.text()).isEqualTo(BlankText.strip(words, 0, words.length())).isNotBlank();
    assertThat(chunk.tokens()).isEqualTo(CL100K.countTokensOrdinary(chunk.embeddedText()));
    assertThat(chunk.tokens())
        .isLessThanOrEqualTo(
            plan.targetTokens() * 5 / 4 + plan.overlapTokens() + HeadingPrefix.MAX_TOKENS + SLACK);
    cutsNoCharacter(text, chunk.startOffset());
    cutsNoCharacter(text, from);
  }

  @Test
  void cutsNoWordNoRowAndNoShortList() {
    MarkdownChunker chunker = new MarkdownChunker(new ChunkPlan(128, 16));
    TokenCounter counter = new TokenCounter();
    for (int seed = 1; seed <= 40; seed++) {
      String text = new MarkdownTexts(seed).document(60);
      for (Chunk chunk : chunker.chunk(text)) {
        int at = chunk.startOffset();
        cutsNoWord(text, at);
        cutsNoWord(text, at - chunk.overlapChars());
        cutsNoRow(text, at);
        cutsNoList(text, at, counter, 128);
      }
    }
  }

  private static void cutsNoWord(String text, int at) {
    assertThat(at > 0 && isLatin(text.charAt(at - 1)) && isLatin(text.charAt(at)))
        .as(text.substring(Math.max(0, at - 20), Math.min(text.length(), at + 20)))
        .isFalse();
  }

  private static boolean isLatin(char c) {
    return Character.isLetterOrDigit(c) && c < 0x250;
  }

  private static void cutsNoRow(String text, int at) {
    int lineStart = text.lastIndexOf('\n', at - 1) + 1;
    assertThat(at > lineStart && text.charAt(lineStart) == '|').isFalse();
  }

  private static void cutsNoList(String text, int at, TokenCounter counter, int target) {
    Matcher list = LIST.matcher(text);
    while (list.find()) {
      if (list.start() < at && at < list.end()) {
        assertThat(counter.count(list.group())).isGreaterThan(target - 2);
      }
    }
  }

  private static void cutsNoCharacter(String text, int at) {
    if (at > 0 && at < text.length()) {
      boolean insidePair =
          Character.isHighSurrogate(text.charAt(at - 1))
              && Character.isLowSurrogate(text.charAt(at));
      assertThat(insidePair).isFalse();
    }
  }

  private static String withoutMarks(String text) {
    return PageMark.without(text, 0, text.length());
  }
}
