package dev.sluice.chunk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Blocks to chunks, section by section.
 *
 * <ul>
 *   <li>Sections that fit share a chunk as long as all stand under one heading, the parent of the
 *       first one that has words: siblings with all that is below them, never a cousin.
 *   <li>A section that does not fit is cut alone, and what is left of it is not filled up with the
 *       next section, so an edit moves boundaries only up to the end of its section or group.
 *   <li>Headings alone go with the section that they introduce.
 * </ul>
 */
final class SectionPacker {
  /** Headings of at most this part of the target are joined to a section that leaves no room. */
  private static final int HEADING_PART = 8;

  private final String text;
  private final TokenCounter counter;
  private final ChunkWriter writer;
  private final SectionCutter cutter;
  private final int target;

  private final SectionGroup group = new SectionGroup();
  private @Nullable Section current;
  private boolean cutting;

  SectionPacker(
      String text, TokenCounter counter, ChunkWriter writer, SectionCutter cutter, int target) {
    this.text = text;
    this.counter = counter;
    this.writer = writer;
    this.cutter = cutter;
    this.target = target;
  }

  void accept(Block block) {
    if (block.isHeading()) {
      endSection();
    }
    if (cutting) {
      cutter.add(block);
      return;
    }
    int tokens = counter.countUpTo(text, block.contentStart(), block.contentEnd(), target);
    Section section = current;
    if (section == null) {
      section = new Section(block, tokens);
      current = section;
    } else {
      section.add(block, tokens);
    }
    if (section.tokens() > target) {
      startCutting(section);
    }
  }

  void finish() {
    endSection();
    flush();
  }

  private void endSection() {
    if (cutting) {
      cutter.close();
      cutting = false;
    } else if (current != null) {
      admit(current);
    }
    current = null;
  }

  private void admit(Section section) {
    boolean fits = group.tokens() + section.tokens() <= target;
    if (!group.isEmpty() && !fits && leads(section)) {
      startCutting(section);
      endSection();
      return;
    }
    if (!group.isEmpty() && !(fits && group.isBeside(section))) {
      flush();
    }
    group.add(section);
  }

  private boolean leads(Section section) {
    return group.introduces(section) && group.tokens() <= target / HEADING_PART;
  }

  private void startCutting(Section section) {
    if (!leads(section)) {
      flush();
    }
    List<Block> headings = group.blocks();
    Heading above = group.isEmpty() ? section.headingAbove() : group.scope().prefix();
    cutter.open(new Scope(section.heading(), section.heading(), above));
    headings.forEach(cutter::add);
    section.blocks().forEach(cutter::add);
    group.clear();
    cutting = true;
  }

  private void flush() {
    if (group.isEmpty()) {
      return;
    }
    Block first = group.blocks().getFirst();
    Block last = group.blocks().getLast();
    writer.write(
        first.start(), first.start(), last.end(), group.scope(), first.page(), last.page());
    group.clear();
  }
}
