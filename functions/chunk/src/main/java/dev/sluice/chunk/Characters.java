package dev.sluice.chunk;

/** The last resort of cutting: between two characters of a run without any better place. */
final class Characters {
  private static final char ZERO_WIDTH_JOINER = '\u200D';

  /** How many code points a slice gives up so as not to part a letter from its marks. */
  private static final int MAX_BACKING_OFF = 16;

  private Characters() {}

  /** The end of a slice of at most {@code codePoints}: never inside a surrogate pair. */
  static int next(CharSequence text, int from, int end, int codePoints) {
    int to = from;
    for (int taken = 0; taken < codePoints && to < end; taken++) {
      to += Character.charCount(Character.codePointAt(text, to));
    }
    return to >= end ? end : backOff(text, from, to);
  }

  private static int backOff(CharSequence text, int from, int to) {
    int at = to;
    for (int steps = 0; steps < MAX_BACKING_OFF && at > from; steps++) {
      if (!belongsToPrevious(text, at)) {
        return at;
      }
      at -= Character.charCount(Character.codePointBefore(text, at));
    }
    return to;
  }

  private static boolean belongsToPrevious(CharSequence text, int at) {
    if (text.charAt(at - 1) == ZERO_WIDTH_JOINER || text.charAt(at) == ZERO_WIDTH_JOINER) {
      return true;
    }
    return switch (Character.getType(Character.codePointAt(text, at))) {
      case Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.MODIFIER_SYMBOL ->
          true;
      default -> false;
    };
  }
}
