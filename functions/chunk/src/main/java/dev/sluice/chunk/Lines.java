package dev.sluice.chunk;

import dev.sluice.document.BlankText;

/** What a line of Markdown is, told from the line alone: {@code text[start, end)}. */
final class Lines {
  private static final int MAX_INDENT = 3;
  private static final int MAX_LEVEL = 6;
  private static final int MAX_NUMBER_DIGITS = 9;

  private Lines() {}

  /** Where the line at {@code from} ends, its line feed not included. */
  static int end(CharSequence text, int from, int end) {
    int at = from;
    while (at < end && text.charAt(at) != '\n') {
      at++;
    }
    return at;
  }

  /** Where the line after the one at {@code from} begins. */
  static int next(CharSequence text, int from, int end) {
    return Math.min(end(text, from, end) + 1, end);
  }

  /** After the last line feed of the white space at {@code from}; {@code from} if it has none. */
  static int withLineEnds(CharSequence text, int from, int end) {
    int after = from;
    for (int at = from; at < end && BlankText.isSpace(text.charAt(at)); at++) {
      if (text.charAt(at) == '\n') {
        after = at + 1;
      }
    }
    return after;
  }

  /** False of most lines of prose, which begin with a letter and are a paragraph's or a table's. */
  static boolean mayBeMarked(CharSequence text, int start, int end) {
    return start == end || !Character.isLetter(text.charAt(start));
  }

  /** Leading spaces; a tab counts four. */
  static int indent(CharSequence text, int start, int end) {
    int indent = 0;
    for (int at = start; at < end; at++) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\t') {
        return indent;
      }
      indent += c == '\t' ? 4 : 1;
    }
    return indent;
  }

  /** 1 to 6 for {@code # Title}, else 0. */
  static int headingLevel(CharSequence text, int start, int end) {
    int from = afterIndent(text, start, end);
    int to = from;
    while (to < end && text.charAt(to) == '#') {
      to++;
    }
    boolean heading =
        indent(text, start, end) <= MAX_INDENT
            && to - from <= MAX_LEVEL
            && (to == end || BlankText.isSpace(text.charAt(to)));
    return heading ? to - from : 0;
  }

  /** {@code Title} of {@code # Title ##}; a mark is no end of a word. */
  static String withoutHeadingMarks(String line) {
    int start = 0;
    while (start < line.length() && line.charAt(start) == '#') {
      start++;
    }
    int end = line.length();
    while (end > start && line.charAt(end - 1) == '#') {
      end--;
    }
    boolean closed = end == start || BlankText.isSpace(line.charAt(end - 1));
    return line.substring(start, closed ? end : line.length()).strip();
  }

  /**
   * 1 under {@code ===}, 2 under {@code ---}, else 0. Only a paragraph above makes it a heading.
   */
  static int underlineLevel(CharSequence text, int start, int end) {
    int from = afterIndent(text, start, end);
    if (from == end || indent(text, start, end) > MAX_INDENT) {
      return 0;
    }
    char mark = text.charAt(from);
    if ((mark != '=' && mark != '-') || !isOnly(mark, text, from, end)) {
      return 0;
    }
    return mark == '=' ? 1 : 2;
  }

  /** A line of three or more {@code -}, {@code *} or {@code _}, spaces between them allowed. */
  static boolean isThematicBreak(CharSequence text, int start, int end) {
    int from = afterIndent(text, start, end);
    if (from == end) {
      return false;
    }
    char mark = text.charAt(from);
    if (mark != '-' && mark != '*' && mark != '_') {
      return false;
    }
    int marks = 0;
    for (int at = from; at < end; at++) {
      char c = text.charAt(at);
      if (c != mark && !BlankText.isSpace(c)) {
        return false;
      }
      marks += c == mark ? 1 : 0;
    }
    return marks >= 3;
  }

  /** {@code - x}, {@code * x}, {@code + x}, {@code 1. x}, {@code 1) x}, at any depth. */
  static boolean isListItem(CharSequence text, int start, int end) {
    int at = afterIndent(text, start, end);
    int digits = 0;
    while (at < end && digits <= MAX_NUMBER_DIGITS && isDigit(text.charAt(at))) {
      at++;
      digits++;
    }
    if (at == end || digits > MAX_NUMBER_DIGITS) {
      return false;
    }
    boolean marker = (digits > 0 ? ".)" : "-*+").indexOf(text.charAt(at)) >= 0;
    return marker && (at + 1 == end || BlankText.isSpace(text.charAt(at + 1)));
  }

  /** The row under a table's header: {@code |---|:-:|}. */
  static boolean isTableDelimiter(CharSequence text, int start, int end) {
    boolean dash = false;
    boolean pipe = false;
    for (int at = start; at < end; at++) {
      char c = text.charAt(at);
      dash |= c == '-';
      pipe |= c == '|';
      if (c != '-' && c != '|' && c != ':' && !BlankText.isSpace(c)) {
        return false;
      }
    }
    return dash && pipe;
  }

  static boolean hasPipe(CharSequence text, int start, int end) {
    for (int at = start; at < end; at++) {
      if (text.charAt(at) == '|') {
        return true;
      }
    }
    return false;
  }

  private static int afterIndent(CharSequence text, int start, int end) {
    int at = start;
    while (at < end && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static boolean isOnly(char mark, CharSequence text, int start, int end) {
    int at = start;
    while (at < end && text.charAt(at) == mark) {
      at++;
    }
    return BlankText.isBlank(text, at, end);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
