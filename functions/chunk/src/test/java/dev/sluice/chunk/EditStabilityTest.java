package dev.sluice.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many chunks of a 200-page document must be embedded again after an edit. */
class EditStabilityTest {
  private static final int PAGES = 200;
  private static final int BOOKS = 2;
  private static final int EDITS = 40;

  private final MarkdownChunker chunker = new MarkdownChunker(ChunkPlan.DEFAULT);

  @ParameterizedTest
  @CsvSource({
    "INSERT_WORD, true, 3",
    "INSERT_WORD, false, 3",
    "DELETE_WORD, true, 3",
    "DELETE_WORD, false, 3",
    "CHANGE_WORD, true, 3",
    "CHANGE_WORD, false, 3",
    "INSERT_PARAGRAPH, true, 3",
    "INSERT_PARAGRAPH, false, 3",
    "DELETE_PARAGRAPH, true, 3",
    "DELETE_PARAGRAPH, false, 3",
    "CHANGE_PARAGRAPH, true, 3",
    "CHANGE_PARAGRAPH, false, 3"
  })
  void embedsOnlyTheNeighbourhoodOfAnEditAgain(Book.Edit edit, boolean headings, int most) {
    List<Integer> fresh = new ArrayList<>();
    for (int seed = 1; seed <= BOOKS; seed++) {
      Book book = new Book(seed, PAGES, headings);
      Set<String> known = embedded(book.text());
      for (int round = 0; round < EDITS; round++) {
        Set<String> after = embedded(book.edited(edit));
        after.removeAll(known);
        fresh.add(after.size());
      }
    }
    Collections.sort(fresh);
    int percentile95 = fresh.get((int) Math.ceil(0.95 * fresh.size()) - 1);
    assertThat(percentile95).as("of %s", fresh).isLessThanOrEqualTo(most);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void fillsChunksToTwoThirdsAllTheSame(boolean headings) {
    List<Chunk> chunks = chunker.chunk(new Book(1, PAGES, headings).text());
    assertThat(chunks.stream().mapToInt(Chunk::tokens).average().orElse(0))
        .isGreaterThan(ChunkPlan.DEFAULT.targetTokens() * 2 / 3.0);
  }

  private Set<String> embedded(String text) {
    Set<String> texts = new HashSet<>();
    chunker.chunk(text).forEach(chunk -> texts.add(chunk.embeddedText()));
    return texts;
  }
}
