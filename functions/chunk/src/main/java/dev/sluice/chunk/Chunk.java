package dev.sluice.chunk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One passage of a document. The spans of a document's chunks tile its canonical text: the first
 * begins at 0, each begins where the one before it ends, the last ends at the text's end.
 *
 * @param ord counted from 0
 * @param text overlap and span, without page marks, stripped; never blank
 * @param headingPrefix the headings in force that the text does not hold itself, in one line, and
 *     an empty line; empty without any
 * @param tokens exact cl100k tokens of {@link #embeddedText}
 * @param page where the span's first words stand, counted from 1; null without page marks before it
 * @param lastPage where its last words stand
 * @param section the heading that the first words stand under; null before any heading
 * @param headingPath from the outermost heading to the innermost that holds the whole chunk
 * @param startOffset of the span in the canonical text, in UTF-16 chars
 * @param endOffset exclusive
 * @param overlapChars how many chars before {@code startOffset} the text repeats
 */
record Chunk(
    int ord,
    String text,
    String headingPrefix,
    int tokens,
    @Nullable Integer page,
    @Nullable Integer lastPage,
    @Nullable String section,
    List<String> headingPath,
    int startOffset,
    int endOffset,
    int overlapChars) {

  /** What is sent to the model. */
  String embeddedText() {
    return headingPrefix + text;
  }
}
