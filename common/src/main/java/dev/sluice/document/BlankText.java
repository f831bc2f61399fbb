package dev.sluice.document;

/**
 * What counts as nothing said: white space of every script, and the invisible format characters
 * (zero-width space, joiners, direction marks) that a reader never sees.
 */
public final class BlankText {
  private BlankText() {}

  /** Whether {@code text[start, end)} has no visible character; true of an empty range. */
  public static boolean isBlank(CharSequence text, int start, int end) {
    int at = start;
    while (at < end) {
      int codePoint = Character.codePointAt(text, at);
      if (!isSpace(codePoint) && Character.getType(codePoint) != Character.FORMAT) {
        return false;
      }
      at += Character.charCount(codePoint);
    }
    return true;
  }

  /** White space, the no-break spaces included, which {@link String#strip} leaves alone. */
  public static boolean isSpace(int codePoint) {
    return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
  }

  /** {@code text[start, end)} without spaces, as {@link #isSpace} has them, at both ends. */
  public static String strip(CharSequence text, int start, int end) {
    int from = start;
    while (from < end && isSpace(text.charAt(from))) {
      from++;
    }
    return text.subSequence(from, endWithoutSpaces(text, from, end)).toString();
  }

  /** The end of {@code text[start, end)} once its trailing spaces are left out. */
  public static int endWithoutSpaces(CharSequence text, int start, int end) {
    int to = end;
    while (to > start && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return to;
  }
}
