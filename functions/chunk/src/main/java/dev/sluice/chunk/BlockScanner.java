package dev.sluice.chunk;

import dev.sluice.chunk.Block.Kind;
import dev.sluice.document.BlankText;
import dev.sluice.document.CodeFence;
import dev.sluice.document.PageMark;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Markdown to blocks, one at a time, each line looked at a bounded number of times. It knows what
 * matters for cutting (headings, paragraphs, lists, tables, fenced code, page marks, front matter)
 * and takes all else for a paragraph; nesting is not followed, so depth costs nothing.
 */
final class BlockScanner {
  /** CommonMark has no limit, but a rule under a long paragraph is meant as a rule. */
  private static final int MAX_TITLE_LINES = 3;

  private static final int MAX_FRONT_MATTER_LINES = 100;

  private static final int NONE = -1;

  private final Text text;
  private int end;
  private int at;
  private @Nullable Integer page;
  private @Nullable Heading heading;

  /** Whether it looked as far as the text is read: what follows may make it another block. */
  private boolean reachedEnd;

  private int knownLine = NONE;
  private int knownEnd;
  private int earlierLine = NONE;
  private int earlierEnd;

  BlockScanner(Text text) {
    this.text = text;
    this.end = text.length();
  }

  /** The next block, or null at the end of the text. */
  @Nullable Block next() {
    int start = at;
    Integer pageBefore = page;
    Heading headingBefore = heading;
    Block block = scan();
    while (reachedEnd && !text.isComplete()) {
      at = start;
      page = pageBefore;
      heading = headingBefore;
      text.readMore(start);
      end = text.length();
      knownLine = NONE;
      earlierLine = NONE;
      block = scan();
    }
    return block;
  }

  private @Nullable Block scan() {
    reachedEnd = false;
    int start = at;
    skipToContent();
    if (at == end) {
      return null;
    }
    int contentStart = at;
    Kind kind = scanBlock();
    skipBlankLines();
    int contentEnd = at;
    at = restIsSilent() ? end : at;
    return new Block(kind, start, contentStart, contentEnd, at, page, heading);
  }

  private Kind scanBlock() {
    int lineEnd = lineEnd();
    CodeFence fence = CodeFence.opening(text, at, lineEnd);
    if (fence != null) {
      scanFence(fence);
      return Kind.FENCE;
    }
    int level = Lines.headingLevel(text, at, lineEnd);
    if (level > 0) {
      return scanHeadingLine(level, lineEnd);
    }
    if (at == 0 && scanFrontMatter()) {
      return Kind.PARAGRAPH;
    }
    if (Lines.isThematicBreak(text, at, lineEnd)) {
      at = nextLine();
      return Kind.PARAGRAPH;
    }
    if (startsTable()) {
      scanTable();
      return Kind.TABLE;
    }
    if (Lines.isListItem(text, at, lineEnd)) {
      scanList();
      return Kind.LIST;
    }
    return scanParagraph();
  }

  private void scanFence(CodeFence fence) {
    at = nextLine();
    while (at < end && pageMark().isEmpty()) {
      boolean closed = fence.isClosedBy(text, at, lineEnd());
      at = nextLine();
      if (closed) {
        return;
      }
    }
  }

  private Kind scanHeadingLine(int level, int lineEnd) {
    String title = BlankText.strip(text, at, lineEnd);
    heading = Heading.following(heading, level, Lines.withoutHeadingMarks(title));
    at = nextLine();
    return Kind.HEADING;
  }

  /**
   * YAML between two lines of three dashes at the very beginning: not a heading, as CommonMark has
   * it.
   */
  private boolean scanFrontMatter() {
    if (!"---".contentEquals(text.subSequence(0, lineEnd()))) {
      return false;
    }
    int line = nextLine();
    for (int lines = 0; line < end && lines < MAX_FRONT_MATTER_LINES; lines++) {
      int lineEnd = lineEnd(line);
      int after = nextLine(line);
      if ("---".contentEquals(text.subSequence(line, lineEnd))) {
        at = after;
        return true;
      }
      if (PageMark.number(text, line, lineEnd).isPresent()) {
        return false;
      }
      line = after;
    }
    return false;
  }

  private boolean startsTable() {
    int lineEnd = lineEnd();
    int next = nextLine();
    return next < end
        && Lines.isTableDelimiter(text, next, lineEnd(next))
        && Lines.hasPipe(text, at, lineEnd);
  }

  private void scanTable() {
    while (at < end && Lines.hasPipe(text, at, lineEnd()) && pageMark().isEmpty()) {
      at = nextLine();
    }
  }

  /** To the first line that is neither an item nor, after a blank line, indented under one. */
  private void scanList() {
    boolean afterBlank = false;
    while (at < end && pageMark().isEmpty()) {
      int lineEnd = lineEnd();
      if (BlankText.isBlank(text, at, lineEnd)) {
        afterBlank = true;
        at = nextLine();
        continue;
      }
      boolean inside = Lines.indent(text, at, lineEnd) >= 2;
      CodeFence fence = CodeFence.opening(text, at, lineEnd);
      if (!inside && (fence != null || endsList(afterBlank, lineEnd))) {
        return;
      }
      afterBlank = false;
      if (fence != null) {
        scanFence(fence);
      } else {
        at = nextLine();
      }
    }
  }

  private boolean endsList(boolean afterBlank, int lineEnd) {
    return Lines.headingLevel(text, at, lineEnd) > 0
        || Lines.isThematicBreak(text, at, lineEnd)
        || (!Lines.isListItem(text, at, lineEnd) && (afterBlank || startsTable()));
  }

  private Kind scanParagraph() {
    int start = at;
    int lines = 0;
    do {
      at = nextLine();
      lines++;
      if (at == end) {
        return Kind.PARAGRAPH;
      }
      int level = lines <= MAX_TITLE_LINES ? Lines.underlineLevel(text, at, lineEnd()) : 0;
      if (level > 0) {
        heading = Heading.following(heading, level, BlankText.strip(text, start, at));
        at = nextLine();
        return Kind.HEADING;
      }
    } while (!interruptsParagraph());
    return Kind.PARAGRAPH;
  }

  private boolean interruptsParagraph() {
    int lineEnd = lineEnd();
    return Lines.mayBeMarked(text, at, lineEnd) ? isMarked(lineEnd) : startsTable();
  }

  private boolean isMarked(int lineEnd) {
    return BlankText.isBlank(text, at, lineEnd)
        || pageMark().isPresent()
        || Lines.headingLevel(text, at, lineEnd) > 0
        || Lines.isThematicBreak(text, at, lineEnd)
        || Lines.isListItem(text, at, lineEnd)
        || CodeFence.opening(text, at, lineEnd) != null
        || startsTable();
  }

  private void skipToContent() {
    while (at < end) {
      OptionalInt mark = pageMark();
      if (mark.isPresent()) {
        page = mark.getAsInt();
      } else if (!BlankText.isBlank(text, at, lineEnd())) {
        return;
      }
      at = nextLine();
    }
  }

  private void skipBlankLines() {
    while (at < end && BlankText.isBlank(text, at, lineEnd())) {
      at = nextLine();
    }
  }

  /** Whether only page marks and blank lines follow: they have no other block to belong to. */
  private boolean restIsSilent() {
    int line = at;
    while (line < end) {
      int lineEnd = lineEnd(line);
      if (PageMark.number(text, line, lineEnd).isEmpty()
          && !BlankText.isBlank(text, line, lineEnd)) {
        return false;
      }
      line = nextLine(line);
    }
    return true;
  }

  private OptionalInt pageMark() {
    return PageMark.number(text, at, lineEnd());
  }

  private int lineEnd() {
    return lineEnd(at);
  }

  private int nextLine() {
    return nextLine(at);
  }

  /** Asked many times of the same two lines. */
  private int lineEnd(int line) {
    if (line != knownLine) {
      int other = knownLine;
      int otherEnd = knownEnd;
      knownLine = line;
      knownEnd = line == earlierLine ? earlierEnd : text.lineEnd(line);
      earlierLine = other;
      earlierEnd = otherEnd;
    }
    reachedEnd |= knownEnd == end;
    return knownEnd;
  }

  private int nextLine(int line) {
    int next = Math.min(lineEnd(line) + 1, end);
    reachedEnd |= next == end;
    return next;
  }
}
