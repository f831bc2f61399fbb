package dev.sluice.chunk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block of Markdown. The blocks of a text tile it: page marks and blank lines before the content
 * belong to the block, blank lines after it too; page marks at the text's end to its last block.
 *
 * @param contentStart where the first line that says something begins
 * @param contentEnd where page marks without a following block begin, else {@code end}
 * @param page of the content; null when no page mark stands before it
 * @param heading the heading in force; of a heading block, itself
 */
record Block(
    Kind kind,
    int start,
    int contentStart,
    int contentEnd,
    int end,
    @Nullable Integer page,
    @Nullable Heading heading) {

  enum Kind {
    HEADING(Cut.SENTENCE, Cut.LINE, Cut.CLAUSE, Cut.WORD),
    PARAGRAPH(Cut.SENTENCE, Cut.LINE, Cut.CLAUSE, Cut.WORD),
    LIST(Cut.ITEM, Cut.SENTENCE, Cut.LINE, Cut.CLAUSE, Cut.WORD),
    TABLE(Cut.LINE, Cut.SENTENCE, Cut.CLAUSE, Cut.WORD),
    FENCE(Cut.LINE, Cut.SENTENCE, Cut.CLAUSE, Cut.WORD);

    private final List<Cut> cuts;

    Kind(Cut... cuts) {
      this.cuts = List.of(cuts);
    }

    /** Where a block too long for one chunk is cut, the best places first. */
    List<Cut> cuts() {
      return cuts;
    }
  }

  boolean isHeading() {
    return kind == Kind.HEADING;
  }
}
