package dev.sluice.chunk;

/**
 * cl100k's pre-tokenizer: a text is cut into pieces from left to right, and no token crosses two of
 * them. The rule is the regular expression
 *
 * <pre>
 * (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
 *  ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
 * </pre>
 *
 * by hand, since a regular expression engine takes ten times as long and recurses.
 */
final class Pieces {
  private static final byte OTHER = 0;
  private static final byte LETTER = 1;
  private static final byte NUMBER = 2;
  private static final byte SPACE = 3;
  private static final byte LINE_END = 4;
  private static final byte HALF_OF_A_PAIR = 5;

  /** Behind these code points no letter and no number is known to the tokenizer we count like. */
  private static final int LAST_LETTER = 0x323AF;

  private static final int LAST_NUMBER = 0x1FBF9;
  private static final String SPACES =
      "\t\u000B\u000C \u0085\u00A0\u1680\u2028\u2029\u202F\u205F\u3000";
  private static final String ONE_LETTER_ENDINGS = "sdtmSDTM\u017F";
  private static final byte[] KINDS = kinds();

  private Pieces() {}

  /** Where the piece that begins at {@code at} ends, if the text ended at {@code end}. */
  static int end(char[] text, int at, int end) {
    char c = text[at];
    byte kind = kind(text, at, end);
    int after = at + width(text, at, end);
    if (kind == LETTER) {
      return run(LETTER, text, after, end);
    }
    if (kind == NUMBER) {
      return numberEnd(text, after, end);
    }
    if (c == '\'' && contraction(text, after, end) > 0) {
      return after + contraction(text, after, end);
    }
    byte next = after < end ? kind(text, after, end) : LINE_END;
    if (next == LETTER && kind != LINE_END) {
      return run(LETTER, text, after, end);
    }
    if (kind == OTHER || (c == ' ' && next == OTHER)) {
      return lineEnds(text, run(OTHER, text, after, end), end);
    }
    return spaceEnd(text, at, end);
  }

  static boolean isSpace(char c) {
    return KINDS[c] == SPACE || KINDS[c] == LINE_END;
  }

  private static int run(byte kind, char[] text, int from, int end) {
    int at = from;
    while (at < end) {
      byte found = KINDS[text[at]];
      if (found == HALF_OF_A_PAIR) {
        found = kind(text, at, end);
        if (found == kind) {
          at += width(text, at, end);
          continue;
        }
      }
      if (found != kind) {
        return at;
      }
      at++;
    }
    return at;
  }

  private static int numberEnd(char[] text, int from, int end) {
    int at = from;
    for (int digits = 1; digits < 3 && at < end && kind(text, at, end) == NUMBER; digits++) {
      at += width(text, at, end);
    }
    return at;
  }

  /** To behind the last line end; without one, all but the space that goes with the next word. */
  private static int spaceEnd(char[] text, int from, int end) {
    int at = from;
    int lineEnd = -1;
    while (at < end && isSpace(text[at])) {
      lineEnd = KINDS[text[at]] == LINE_END ? at : lineEnd;
      at++;
    }
    if (lineEnd >= 0) {
      return lineEnd + 1;
    }
    return at == end || at == from + 1 ? at : at - 1;
  }

  private static int lineEnds(char[] text, int from, int end) {
    int at = from;
    while (at < end && KINDS[text[at]] == LINE_END) {
      at++;
    }
    return at;
  }

  private static int contraction(char[] text, int at, int end) {
    if (at < end && ONE_LETTER_ENDINGS.indexOf(text[at]) >= 0) {
      return 1;
    }
    return at + 1 < end && isTwoLetterEnding(text[at], text[at + 1]) ? 2 : 0;
  }

  private static boolean isTwoLetterEnding(char one, char two) {
    return switch (Character.toUpperCase(one)) {
      case 'L' -> Character.toUpperCase(two) == 'L';
      case 'V', 'R' -> Character.toUpperCase(two) == 'E';
      default -> false;
    };
  }

  private static byte kind(char[] text, int at, int end) {
    byte kind = KINDS[text[at]];
    return kind == HALF_OF_A_PAIR ? kindOf(Character.codePointAt(text, at, end)) : kind;
  }

  private static int width(char[] text, int at, int end) {
    return Character.isSurrogate(text[at])
        ? Character.charCount(Character.codePointAt(text, at, end))
        : 1;
  }

  private static byte[] kinds() {
    byte[] kinds = new byte[Character.MAX_VALUE + 1];
    for (int c = 0; c < kinds.length; c++) {
      kinds[c] = Character.isSurrogate((char) c) ? HALF_OF_A_PAIR : kindOf(c);
    }
    return kinds;
  }

  private static byte kindOf(int codePoint) {
    if (codePoint == '\n' || codePoint == '\r') {
      return LINE_END;
    }
    if (SPACES.indexOf(codePoint) >= 0 || (codePoint >= 0x2000 && codePoint <= 0x200A)) {
      return SPACE;
    }
    return switch (Character.getType(codePoint)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          codePoint <= LAST_LETTER ? LETTER : OTHER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          codePoint <= LAST_NUMBER ? NUMBER : OTHER;
      default -> OTHER;
    };
  }
}
