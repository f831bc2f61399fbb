package dev.sluice.chunk;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingType;

/**
 * Counts cl100k tokens as jtokkit does, piece by piece: of a text, nine pieces in ten were met
 * before. Not thread-safe.
 *
 * <p>jtokkit's time grows faster than the piece, so one of more than {@value #MAX_PART} chars is
 * counted in parts of that length: there, and only there, the count can be a token or two too high
 * a part.
 */
final class TokenCounter {
  private static final int MAX_PART = 16_384;

  /** Longer pieces, a rule of dashes or what is no text at all, are not worth knowing. */
  private static final int MAX_PIECE = 1_024;

  /** More than any plan's target. */
  private static final int MANY = 1 << 13;

  private static final KnownPieces.Count CL100K =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE)
          ::countTokensOrdinary;

  private final KnownPieces known = new KnownPieces();

  int count(String text) {
    return count(text.toCharArray(), 0, text.length());
  }

  int count(char[] text, int start, int end) {
    int tokens = 0;
    int at = start;
    while (at < end) {
      long piece = next(text, at, end);
      tokens += isLong(piece) ? countParts(text, at, end(piece)) : tokens(piece);
      at = end(piece);
    }
    return tokens;
  }

  /**
   * The piece that begins at {@code at}, if the text ended at {@code end}: two ints in one. Of a
   * long one it is only said that its tokens are many.
   */
  long next(char[] text, int at, int end) {
    int to = at + (text[at] == ' ' ? 1 : 0);
    int limit = Math.min(end, at + KnownPieces.NARROW);
    long low = to > at ? ' ' : 0;
    long high = 0;
    while (to < limit && isLatinLetter(text[to])) {
      long c = text[to];
      int shift = (to - at) << 3;
      if (shift < Long.SIZE) {
        low |= c << shift;
      } else {
        high |= c << shift;
      }
      to++;
    }
    boolean word = to > at && text[to - 1] != ' ' && (to == end || isNoLetter(text[to]));
    return word
        ? piece(to, known.narrow(low, high, text, at, to - at, CL100K))
        : any(text, at, end);
  }

  private long any(char[] text, int at, int end) {
    int to = Pieces.end(text, at, end);
    return piece(to, to - at > MAX_PIECE ? MANY : known.tokens(text, at, to, CL100K));
  }

  private static int countParts(char[] text, int start, int end) {
    int tokens = 0;
    int at = start;
    while (at < end) {
      int to = Math.min(end, at + MAX_PART);
      to -= to < end && Character.isLowSurrogate(text[to]) ? 1 : 0;
      tokens += CL100K.of(new String(text, at, to - at));
      at = to;
    }
    return tokens;
  }

  private static long piece(int end, int tokens) {
    return (long) end << 32 | tokens;
  }

  private static boolean isLatinLetter(char c) {
    return (c | 0x20) - 'a' < 26 && (c | 0x20) >= 'a';
  }

  private static boolean isNoLetter(char c) {
    return c < 0x80 && !isLatinLetter(c);
  }

  /** Where the piece that {@link #next} has found ends. */
  static int end(long piece) {
    return (int) (piece >> 32);
  }

  static int tokens(long piece) {
    return (int) piece;
  }

  static boolean isLong(long piece) {
    return tokens(piece) == MANY;
  }
}
