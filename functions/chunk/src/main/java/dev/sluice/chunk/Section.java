package dev.sluice.chunk;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A heading with the blocks up to the next heading of any level, or the blocks before the first
 * heading. Holds blocks only as long as they fit one chunk.
 */
final class Section {
  private final @Nullable Heading heading;
  private final List<Block> blocks = new ArrayList<>();
  private int tokens;

  Section(Block first, int blockTokens) {
    this.heading = first.heading();
    add(first, blockTokens);
  }

  void add(Block block, int blockTokens) {
    blocks.add(block);
    tokens += blockTokens;
  }

  @Nullable Heading heading() {
    return heading;
  }

  List<Block> blocks() {
    return blocks;
  }

  int tokens() {
    return tokens;
  }

  /** Whether there is more than a heading. */
  boolean hasWords() {
    return !blocks.getLast().isHeading();
  }

  /** What is in force at the start but not shown by the text. */
  @Nullable Heading headingAbove() {
    return blocks.getFirst().isHeading() && heading != null ? heading.parent() : heading;
  }
}
