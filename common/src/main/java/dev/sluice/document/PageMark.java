package dev.sluice.document;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line that stands before each page's content in parsed Markdown: {@code <!-- page 3 -->}. A
 * mark stands on a line of its own, also inside a code fence, which it ends: each page was parsed
 * by itself.
 */
public final class PageMark {
  /**
   * No mark is longer; bounds every look-around, so that a line of many megabytes costs nothing.
   */
  private static final int MAX_LENGTH = 64;

  private static final String OPENING = "<!--";
  private static final Pattern MARK =
      Pattern.compile("[ \\t]*<!--[ \\t]*page[ \\t]+([0-9]{1,9})[ \\t]*-->[ \\t]*");

  /** The bracket of whatever line {@link #number} would take for a mark. */
  private static final Pattern FALSE_MARK =
      Pattern.compile("(?m)^([ \\t]*)<(?=!--[ \\t]*page[ \\t]+[0-9]{1,9}[ \\t]*-->[ \\t]*$)");

  private PageMark() {}

  /** The mark's line for a page counted from 1, without a line end. */
  public static String of(int page) {
    return "<!-- page " + page + " -->";
  }

  /** A page's own text, in which no line is a mark: what looks like one still reads the same. */
  public static String escaped(String page) {
    return page.contains(OPENING) ? FALSE_MARK.matcher(page).replaceAll("$1&lt;") : page;
  }

  /** The page that the line {@code text[start, end)} (without its line end) announces, if any. */
  public static OptionalInt number(CharSequence text, int start, int end) {
    if (end - start > MAX_LENGTH || end - start < OPENING.length()) {
      return OptionalInt.empty();
    }
    char first = text.charAt(start);
    if (first != '<' && first != ' ' && first != '\t') {
      return OptionalInt.empty();
    }
    Matcher mark = MARK.matcher(text).region(start, end);
    return mark.matches() ? OptionalInt.of(Integer.parseInt(mark.group(1))) : OptionalInt.empty();
  }

  /**
   * {@code text[start, end)} without the marks in it, also those that the range cuts through, and
   * without the second of the blank lines that a mark stands between.
   */
  public static String without(String text, int start, int end) {
    StringBuilder kept = new StringBuilder();
    int copied = start;
    // Never beyond the range: a whole text is taken apart in ranges, and each must cost its own
    // length.
    int limit = Math.min(text.length(), end + OPENING.length() - 1);
    int opening = text.indexOf(OPENING, Math.max(0, start - MAX_LENGTH), limit);
    while (opening >= 0) {
      int lineStart = lineStart(text, opening);
      int lineEnd = lineEnd(text, opening);
      if (lineStart >= 0 && lineEnd >= 0 && number(text, lineStart, lineEnd).isPresent()) {
        int from = Math.max(copied, lineStart);
        kept.append(text, copied, Math.min(from, end));
        copied = Math.clamp(afterMark(text, lineStart, lineEnd), copied, end);
      }
      opening = text.indexOf(OPENING, Math.min(opening + OPENING.length(), limit), limit);
    }
    return copied == start ? text.substring(start, end) : kept.append(text, copied, end).toString();
  }

  /** Of the blank lines before and after a mark, one goes with it. */
  private static int afterMark(String text, int lineStart, int lineEnd) {
    boolean blankBefore = lineStart < 2 || text.charAt(lineStart - 2) == '\n';
    boolean blankAfter = lineEnd + 1 < text.length() && text.charAt(lineEnd + 1) == '\n';
    return blankBefore && blankAfter ? lineEnd + 2 : lineEnd + 1;
  }

  private static int lineStart(String text, int at) {
    for (int start = at; start >= 0 && at - start <= MAX_LENGTH; start--) {
      if (start == 0 || text.charAt(start - 1) == '\n') {
        return start;
      }
    }
    return -1;
  }

  private static int lineEnd(String text, int at) {
    for (int end = at; end <= text.length() && end - at <= MAX_LENGTH; end++) {
      if (end == text.length() || text.charAt(end) == '\n') {
        return end;
      }
    }
    return -1;
  }
}
