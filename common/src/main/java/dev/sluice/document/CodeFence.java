package dev.sluice.document;

import org.jspecify.annotations.Nullable;

/**
 * An open fenced code block: at least three backticks or tildes, at any indentation, since fences
 * also stand inside list items.
 */
public record CodeFence(char mark, int length) {
  private static final int MIN_LENGTH = 3;

  /** The fence that the line {@code text[start, end)} opens, or null. */
  public static @Nullable CodeFence opening(CharSequence text, int start, int end) {
    int from = skipIndentation(text, start, end);
    if (from == end || (text.charAt(from) != '`' && text.charAt(from) != '~')) {
      return null;
    }
    char mark = text.charAt(from);
    int to = skip(mark, text, from, end);
    boolean inlineCode = mark == '`' && contains('`', text, to, end);
    return to - from < MIN_LENGTH || inlineCode ? null : new CodeFence(mark, to - from);
  }

  /** The fence in force after the line {@code text[start, end)}, given the one before it. */
  public static @Nullable CodeFence after(
      @Nullable CodeFence open, CharSequence text, int start, int end) {
    if (open == null) {
      return opening(text, start, end);
    }
    boolean closed =
        open.isClosedBy(text, start, end) || PageMark.number(text, start, end).isPresent();
    return closed ? null : open;
  }

  /** Whether the line {@code text[start, end)} closes this fence. */
  public boolean isClosedBy(CharSequence text, int start, int end) {
    int from = skipIndentation(text, start, end);
    int to = skip(mark, text, from, end);
    return to - from >= length && BlankText.isBlank(text, to, end);
  }

  private static int skipIndentation(CharSequence text, int start, int end) {
    int at = start;
    while (at < end && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static int skip(char mark, CharSequence text, int start, int end) {
    int at = start;
    while (at < end && text.charAt(at) == mark) {
      at++;
    }
    return at;
  }

  private static boolean contains(char wanted, CharSequence text, int start, int end) {
    for (int at = start; at < end; at++) {
      if (text.charAt(at) == wanted) {
        return true;
      }
    }
    return false;
  }
}
