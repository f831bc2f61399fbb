package dev.sluice.chunk;

/**
 * How many tokens the pieces met lately have, told by their characters themselves and not by a hash
 * of them. Of fixed size: a new piece takes the place of an old one. Not thread-safe.
 */
final class KnownPieces {
  /** Longer pieces are rare in what people write and hardly ever come twice. */
  static final int MAX_LENGTH = 48;

  private static final int SLOT_BITS = 15;
  private static final int LONG_SLOT_BITS = 13;

  /** Of chars below 256, the longest piece that is packed in two longs. */
  static final int NARROW = 15;

  private static final int WIDE = 7;
  private static final long WIDE_MARK = 0x80;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /** Two longs a piece, two pieces a slot, the later used first. */
  private final long[] keys = new long[4 << SLOT_BITS];

  private final byte[] tokens = new byte[2 << SLOT_BITS];
  private final String[] longPieces = new String[1 << LONG_SLOT_BITS];
  private final byte[] longTokens = new byte[1 << LONG_SLOT_BITS];

  /** The tokens of {@code text[start, end)}; {@code count} is asked only for what is not known. */
  int tokens(char[] text, int start, int end, Count count) {
    int length = end - start;
    if (length > MAX_LENGTH) {
      return count.of(new String(text, start, length));
    }
    long low = 0;
    int all = 0;
    int first = Math.min(length, 8);
    for (int i = 0; i < first; i++) {
      char c = text[start + i];
      all |= c;
      low |= (long) c << (i << 3);
    }
    long high = 0;
    if (length > 8) {
      int second = Math.min(length, NARROW);
      for (int i = 8; i < second; i++) {
        char c = text[start + i];
        all |= c;
        high |= (long) c << ((i - 8) << 3);
      }
    }
    if (all < 0x100 && length <= NARROW) {
      return narrow(low, high, text, start, length, count);
    }
    return length <= WIDE ? wide(text, start, length, count) : longer(text, start, length, count);
  }

  /** Counts a piece that is not known. */
  interface Count {
    int of(String piece);
  }

  /** A piece of chars below 256, the first eight in {@code low}, the first one lowest. */
  int narrow(long low, long high, char[] text, int start, int length, Count count) {
    return tokens(low, high | (long) length << 56, text, start, length, count);
  }

  private int wide(char[] text, int start, int length, Count count) {
    long low = 0;
    long high = (WIDE_MARK | length) << 56;
    for (int i = 0; i < length; i++) {
      long c = text[start + i];
      if (i < 4) {
        low |= c << (i << 4);
      } else {
        high |= c << ((i - 4) << 4);
      }
    }
    return tokens(low, high, text, start, length, count);
  }

  private int tokens(long low, long high, char[] text, int start, int length, Count count) {
    int slot = (int) (((low ^ Long.rotateLeft(high, 31)) * SPREAD) >>> (64 - SLOT_BITS)) << 1;
    int key = slot << 1;
    if (keys[key] == low && keys[key + 1] == high) {
      return tokens[slot];
    }
    int found =
        keys[key + 2] == low && keys[key + 3] == high
            ? tokens[slot + 1]
            : count.of(new String(text, start, length));
    keys[key + 2] = keys[key];
    keys[key + 3] = keys[key + 1];
    tokens[slot + 1] = tokens[slot];
    keys[key] = low;
    keys[key + 1] = high;
    tokens[slot] = (byte) found;
    return found;
  }

  private int longer(char[] text, int start, int length, Count count) {
    int slot = hash(text, start, length) >>> (32 - LONG_SLOT_BITS);
    String known = longPieces[slot];
    if (known != null && isSame(known, text, start, length)) {
      return longTokens[slot];
    }
    String piece = new String(text, start, length);
    int found = count.of(piece);
    if (found <= Byte.MAX_VALUE) {
      longPieces[slot] = piece;
      longTokens[slot] = (byte) found;
    }
    return found;
  }

  private static int hash(char[] text, int start, int length) {
    int hash = length;
    for (int i = start; i < start + length; i++) {
      hash = hash * 31 + text[i];
    }
    return hash * (int) SPREAD;
  }

  private static boolean isSame(String known, char[] text, int start, int length) {
    if (known.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known.charAt(i) != text[start + i]) {
        return false;
      }
    }
    return true;
  }
}
