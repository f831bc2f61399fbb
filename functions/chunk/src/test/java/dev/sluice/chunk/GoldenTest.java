package dev.sluice.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.document.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code markdown-simple@1} cuts as it always has: stored chunks and paid vectors hang on it. */
class GoldenTest {
  private static final String FROZEN =
      """
      %s cuts %s differently than when it was frozen: documents that come again would be embedded
      again as a whole. If that is not meant, mend the chunker. If it is, it is another version:
      raise ChunkPlan.ALGORITHM, add files with what is shown here, named after that version as
      these are after theirs, say in docs/decisions/0007 what has changed, and remove these files.
      """;

  @ParameterizedTest
  @CsvSource({
    "policy, 512, 64",
    "policy, 64, 16",
    "languages, 512, 64",
    "languages, 48, 8",
    "waterways, 512, 64",
    "waterways, 64, 16",
  })
  void cutsAsItAlwaysHas(String document, int target, int overlap) throws IOException {
    ChunkPlan plan = new ChunkPlan(target, overlap);
    String frozen = resource(document + "." + plan.chunkerVersion() + ".txt");
    assertThat(render(plan, resource(document + ".md")))
        .as(FROZEN.formatted(plan.chunksVersion(), document))
        .isEqualTo(frozen);
  }

  /** A chunk's place, size, headings, and how it begins and ends; its hash stands for the rest. */
  static String render(ChunkPlan plan, String text) {
    return new MarkdownChunker(plan)
        .chunk(text).stream().map(GoldenTest::render).collect(Collectors.joining("\n"));
  }

  private static String render(Chunk chunk) {
    return """
    %d: %d to %d, repeats %d; page %s to %s; %d tokens; embed_sha %s
      in %s, section %s; read under: %s
      %s
      %s
    """
        .formatted(
            chunk.ord(),
            chunk.startOffset(),
            chunk.endOffset(),
            chunk.overlapChars(),
            chunk.page(),
            chunk.lastPage(),
            chunk.tokens(),
            Hashes.ofText(chunk.embeddedText()),
            chunk.headingPath(),
            chunk.section(),
            chunk.headingPrefix().strip(),
            beginning(chunk.text()),
            ending(chunk.text()));
  }

  private static String beginning(String text) {
    return text.lines()
        .findFirst()
        .orElse("")
        .codePoints()
        .limit(60)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String ending(String text) {
    String last = text.substring(text.lastIndexOf('\n') + 1);
    int length = last.codePointCount(0, last.length());
    return last.substring(last.offsetByCodePoints(0, Math.max(0, length - 60)));
  }

  private static String resource(String name) throws IOException {
    try (InputStream file = GoldenTest.class.getResourceAsStream("/golden/" + name)) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
