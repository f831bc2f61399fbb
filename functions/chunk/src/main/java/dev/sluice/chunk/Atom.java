package dev.sluice.chunk;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of text that goes into one chunk as a whole. The atoms of a text tile it.
 *
 * @param tokens of the content alone, at most the plan's target
 * @param silent only white space: it costs nothing at a chunk's edge, where it is stripped
 * @param seam how good a place its beginning is to cut at: the higher, the better
 * @param hash of what it says: where all else is equal, the highest is cut at, so that it is the
 *     content that decides and not what comes before it
 * @param first whether its block begins with it
 */
record Atom(
    int start,
    int end,
    int tokens,
    boolean silent,
    int seam,
    int hash,
    boolean first,
    Block block) {
  private static final int BLOCK_SEAM = 8;
  private static final int HEADING_SEAM = 16;

  static int seamBefore(Block block) {
    Heading heading = block.heading();
    return block.isHeading() && heading != null ? HEADING_SEAM - heading.level() : BLOCK_SEAM;
  }

  boolean isHeading() {
    return block.isHeading();
  }

  @Nullable Heading heading() {
    return block.heading();
  }

  /** A heading, or the text's beginning. */
  boolean beginsSection() {
    return first && (block.isHeading() || block.start() == 0);
  }

  /** Whether it is a heading, and {@code next} what stands directly under it. */
  boolean introduces(Atom next) {
    return isHeading() && next.first && Heading.isWithin(next.heading(), heading());
  }
}
