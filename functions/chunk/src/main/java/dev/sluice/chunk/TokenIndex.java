package dev.sluice.chunk;

import java.util.Arrays;

/**
 * How many tokens there are up to each piece's end, so that each piece of a text is counted once
 * and any range costs a search. Page marks count nothing: they are in no block's content.
 */
final class TokenIndex {
  private final Text text;
  private final TokenCounter counter;

  /** What is in no block's content. */
  private final Ranges gaps = new Ranges();

  /** Pieces too long to be counted as a whole. */
  private final Ranges longPieces = new Ranges();

  private int[] ends = new int[1 << 12];
  private int[] totals = new int[1 << 12];
  private int size = 1;
  private int contentEnd;

  TokenIndex(Text text, TokenCounter counter) {
    this.text = text;
    this.counter = counter;
  }

  /** Goes on to the next block; what is between the blocks is in a gap. */
  void open(Block block) {
    var unused = extend(contentEnd, Integer.MAX_VALUE);
    if (block.contentStart() > contentEnd) {
      gaps.add(contentEnd, block.contentStart());
      append(block.contentStart(), 0);
    }
    contentEnd = block.contentEnd();
    if (contentEnd < block.end()) {
      gaps.add(contentEnd, block.end());
    }
  }

  /** The tokens of {@code text[start, end)}, or some number above {@code limit} if more. */
  int countUpTo(int start, int end, int limit) {
    return isIndexed(start, end, limit) ? count(start, end) : limit + 1;
  }

  /** Of the text without its gaps, if {@link #isExact}. */
  int count(int start, int end) {
    var unused = extend(end, Integer.MAX_VALUE);
    return longPieces.charsIn(start, end) > 0 ? countDirectly(start, end) : look(start, end);
  }

  /** Whether {@link #count} leaves out the gaps in the range, if there are any. */
  boolean isExact(int start, int end) {
    return longPieces.charsIn(start, end) == 0 || gaps.charsIn(start, end) == 0;
  }

  Ranges gaps() {
    return gaps;
  }

  /** What is before {@code at} will not be asked for again. */
  void forgetBefore(int at) {
    int first = Math.max(0, firstFrom(at) - 1);
    if (first > size / 2) {
      System.arraycopy(ends, first, ends, 0, size - first);
      System.arraycopy(totals, first, totals, 0, size - first);
      size -= first;
    }
    gaps.forgetBefore(at);
    longPieces.forgetBefore(at);
  }

  /** Counts to the first place where a piece begins in both, looks up, counts the last piece. */
  private int look(int start, int end) {
    int next = Math.min(firstFrom(start), size - 1);
    int at = start;
    int tokens = 0;
    while (at < end && at != ends[next]) {
      long piece = piece(at, end);
      tokens += TokenCounter.tokens(piece);
      at = text.offset(TokenCounter.end(piece));
      while (next < size - 1 && ends[next] < at) {
        next++;
      }
    }
    int last = firstFrom(endWithoutSpaces(at, end) + 1) - 1;
    if (last > next) {
      tokens += totals[last] - totals[next];
      at = ends[last];
    }
    return tokens + (at < end ? countDirectly(at, end) : 0);
  }

  private boolean isIndexed(int start, int end, int limit) {
    int indexed = ends[size - 1];
    if (end <= indexed) {
      return true;
    }
    int before = start >= indexed ? totals[size - 1] : totals[firstFrom(start)];
    return extend(end, before + limit);
  }

  /** Whether it came so far before there were more tokens than {@code mostTokens}. */
  private boolean extend(int to, int mostTokens) {
    int at = ends[size - 1];
    int last = Math.min(to, contentEnd);
    while (at < last && totals[size - 1] <= mostTokens) {
      long piece = piece(at, contentEnd);
      int end = text.offset(TokenCounter.end(piece));
      append(end, TokenCounter.tokens(piece));
      if (TokenCounter.isLong(piece)) {
        longPieces.add(at, end);
      }
      at = end;
    }
    return at >= last;
  }

  private void append(int end, int tokens) {
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
      totals = Arrays.copyOf(totals, 2 * size);
    }
    ends[size] = end;
    totals[size] = totals[size - 1] + tokens;
    size++;
  }

  /** The first entry at or after {@code at}, {@code size} if there is none; soonest at the end. */
  private int firstFrom(int at) {
    int step = 1;
    int high = size;
    while (high - step > 0 && ends[high - step] >= at) {
      high -= step;
      step <<= 1;
    }
    int low = Math.max(0, high - step);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] < at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int endWithoutSpaces(int start, int end) {
    int to = end;
    while (to > start && Pieces.isSpace(text.charAt(to - 1))) {
      to--;
    }
    return to;
  }

  private long piece(int at, int end) {
    return counter.next(text.array(), text.index(at), text.index(end));
  }

  private int countDirectly(int start, int end) {
    return counter.count(text.array(), text.index(start), text.index(end));
  }
}
