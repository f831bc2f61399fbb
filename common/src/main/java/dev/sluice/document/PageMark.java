package dev.sluice.document;

import java.util.OptionalInt;
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

  /** How many chars before a range {@link #without} may look at. */
  public static final int REACH = 2 * MAX_LENGTH + 2;

  private static final String OPENING = "<!--";
  private static final int MAX_DIGITS = 9;
  private static final int NOWHERE = Integer.MAX_VALUE - MAX_LENGTH;

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
    int at = skip(OPENING, text, skipBlanks(text, start, end), end);
    int word = skip("page", text, skipBlanks(text, at, end), end);
    int digits = skipBlanks(text, word, end);
    int digitsEnd = digits == word ? digits : skipDigits(text, digits, end);
    int closing = skip("-->", text, skipBlanks(text, digitsEnd, end), end);
    return digitsEnd > digits && skipBlanks(text, closing, end) == end
        ? OptionalInt.of(Integer.parseInt(text, digits, digitsEnd, 10))
        : OptionalInt.empty();
  }

  private static int skipBlanks(CharSequence text, int from, int end) {
    int at = from;
    while (at < end && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static int skipDigits(CharSequence text, int from, int end) {
    int at = from;
    while (at < end && at - from < MAX_DIGITS && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  /** Behind the word, or behind everything if it is not there. */
  private static int skip(String word, CharSequence text, int from, int end) {
    if (from + word.length() > end) {
      return NOWHERE;
    }
    for (int i = 0; i < word.length(); i++) {
      if (text.charAt(from + i) != word.charAt(i)) {
        return NOWHERE;
      }
    }
    return from + word.length();
  }

  /**
   * {@code text[start, end)} without the marks in it, also those that the range cuts through, and
   * without the second of the blank lines that a mark stands between.
   */
  public static String without(CharSequence text, int start, int end) {
    StringBuilder kept = new StringBuilder();
    int copied = start;
    // Never beyond the range: a whole text is taken apart in ranges, and each must cost its own
    // length.
    int limit = Math.min(text.length(), end + OPENING.length() - 1);
    int opening = opening(text, Math.max(0, start - MAX_LENGTH), limit);
    while (opening >= 0) {
      int lineStart = lineStart(text, opening);
      int lineEnd = lineEnd(text, opening);
      if (lineStart >= 0 && lineEnd >= 0 && number(text, lineStart, lineEnd).isPresent()) {
        int from = Math.max(copied, lineStart);
        kept.append(text, copied, Math.min(from, end));
        copied = Math.clamp(afterMark(text, lineStart, lineEnd), copied, end);
      }
      opening = opening(text, Math.min(opening + OPENING.length(), limit), limit);
    }
    return kept.append(text, copied, end).toString();
  }

  /** Where a comment begins in {@code text[from, end)}, or -1. */
  private static int opening(CharSequence text, int from, int end) {
    for (int at = from; at + OPENING.length() <= end; at++) {
      if (text.charAt(at) == '<'
          && OPENING.contentEquals(text.subSequence(at, at + OPENING.length()))) {
        return at;
      }
    }
    return -1;
  }

  /** Of the blank lines before and after a mark, one goes with it. */
  private static int afterMark(CharSequence text, int lineStart, int lineEnd) {
    boolean blankBefore = lineStart < 2 || text.charAt(lineStart - 2) == '\n';
    boolean blankAfter = lineEnd + 1 < text.length() && text.charAt(lineEnd + 1) == '\n';
    return blankBefore && blankAfter ? lineEnd + 2 : lineEnd + 1;
  }

  private static int lineStart(CharSequence text, int at) {
    for (int start = at; start >= 0 && at - start <= MAX_LENGTH; start--) {
      if (start == 0 || text.charAt(start - 1) == '\n') {
        return start;
      }
    }
    return -1;
  }

  private static int lineEnd(CharSequence text, int at) {
    for (int end = at; end <= text.length() && end - at <= MAX_LENGTH; end++) {
      if (end == text.length() || text.charAt(end) == '\n') {
        return end;
      }
    }
    return -1;
  }
}
