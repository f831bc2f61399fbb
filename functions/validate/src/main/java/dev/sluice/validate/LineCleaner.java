package dev.sluice.validate;

import dev.sluice.document.BlankText;
import java.nio.CharBuffer;
import java.text.Normalizer;
import java.util.function.Consumer;

/**
 * Characters to clean lines: every line end is one, invisible control characters are gone, the line
 * is in Unicode NFC and has no trailing space.
 *
 * <p>NFC by line equals NFC of the whole, since nothing composes across a line feed. Only its cost
 * needs care: putting n combining marks in order takes n² steps, so a run of more than {@value
 * #MAX_MARKS} marks, which no script writes, is cut there.
 */
final class LineCleaner {
  static final int MAX_MARKS = 32;

  /** Below this code point every string is in NFC. */
  private static final char FIRST_COMBINING = '\u0300';

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Consumer<String> lines;
  private final StringBuilder line = new StringBuilder();
  private boolean composed = true;
  private boolean afterCarriageReturn;

  LineCleaner(Consumer<String> lines) {
    this.lines = lines;
  }

  void accept(CharBuffer characters) {
    while (characters.hasRemaining()) {
      accept(characters.get());
    }
  }

  /** Ends the last line, whether or not it had a line end. */
  void finish() {
    endLine();
  }

  private void accept(char c) {
    boolean secondHalfOfLineEnd = c == '\n' && afterCarriageReturn;
    afterCarriageReturn = c == '\r';
    if (secondHalfOfLineEnd) {
      return;
    }
    if (isLineEnd(c)) {
      endLine();
    } else if (c == '\t' || (!Character.isISOControl(c) && c != BYTE_ORDER_MARK)) {
      line.append(c);
      composed &= c < FIRST_COMBINING;
    }
  }

  /** Also vertical tab, form feed and Unicode's own: dropping those would glue two words. */
  private static boolean isLineEnd(char c) {
    return switch (c) {
      case '\n', '\r', '\u000B', '\f', '\u0085', '\u2028', '\u2029' -> true;
      default -> false;
    };
  }

  private void endLine() {
    String text = composed ? line.toString() : compose(line);
    line.setLength(0);
    composed = true;
    lines.accept(text.substring(0, BlankText.endWithoutSpaces(text, 0, text.length())));
  }

  private static String compose(CharSequence text) {
    String bounded = capMarks(text);
    if (Normalizer.isNormalized(bounded, Normalizer.Form.NFC)) {
      return bounded;
    }
    // Some marks become two in NFC: without the second cap, another pass would cut again.
    return capMarks(Normalizer.normalize(bounded, Normalizer.Form.NFC));
  }

  private static String capMarks(CharSequence text) {
    StringBuilder capped = new StringBuilder(text.length());
    int marks = 0;
    int at = 0;
    while (at < text.length()) {
      int codePoint = Character.codePointAt(text, at);
      marks = isMark(codePoint) ? marks + 1 : 0;
      if (marks <= MAX_MARKS) {
        capped.appendCodePoint(codePoint);
      }
      at += Character.charCount(codePoint);
    }
    return capped.toString();
  }

  private static boolean isMark(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }
}
