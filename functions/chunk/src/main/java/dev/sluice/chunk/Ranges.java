package dev.sluice.chunk;

import java.util.Arrays;

/** Ranges of a text, in order, none touching another. */
final class Ranges {
  private int[] bounds = new int[16];
  private int size;

  void add(int start, int end) {
    if (size == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * size);
    }
    bounds[size++] = start;
    bounds[size++] = end;
  }

  /** How many chars of {@code [start, end)} are in one of them. */
  int charsIn(int start, int end) {
    int chars = 0;
    for (int i = lastBefore(end); i >= 0 && bounds[i + 1] > start; i -= 2) {
      chars += Math.max(0, Math.min(end, bounds[i + 1]) - Math.max(start, bounds[i]));
    }
    return chars;
  }

  /** {@code at}, or the end of the range that it is in. */
  int after(int at) {
    int i = lastBefore(at + 1);
    return i >= 0 && bounds[i + 1] > at ? bounds[i + 1] : at;
  }

  /** {@code at}, or the start of the range that the char before it is in. */
  int before(int at) {
    int i = lastBefore(at);
    return i >= 0 && bounds[i + 1] >= at ? bounds[i] : at;
  }

  /** Those that end before {@code at} will not be asked for again. */
  void forgetBefore(int at) {
    int first = 0;
    while (first < size && bounds[first + 1] <= at) {
      first += 2;
    }
    System.arraycopy(bounds, first, bounds, 0, size - first);
    size -= first;
  }

  /** The last range that begins before {@code at}, or a negative number. */
  private int lastBefore(int at) {
    int low = 0;
    int high = size / 2;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (bounds[2 * middle] < at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return 2 * (low - 1);
  }
}
