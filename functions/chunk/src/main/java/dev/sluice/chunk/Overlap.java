package dev.sluice.chunk;

import dev.sluice.document.BlankText;
import dev.sluice.document.PageMark;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of a chunk's end the next chunk repeats, so that a thought cut in two is found whole.
 */
final class Overlap {
  /** Generous for prose (4 to 5 chars a token); bounds the search for a place to begin. */
  private static final int CHARS_A_TOKEN = 12;

  private final Text text;
  private final TokenIndex tokens;
  private final int limit;

  Overlap(Text text, TokenIndex tokens, int overlapTokens) {
    this.text = text;
    this.tokens = tokens;
    this.limit = overlapTokens;
  }

  /**
   * Where the overlap with the chunk {@code [start, end)} begins: at the best kind of place after
   * which at most the plan's tokens remain, and of these at the first. {@code end} if there is
   * none: a run without any place to begin is not repeated.
   */
  int start(int start, int end, Block.Kind kind) {
    if (limit == 0) {
      return end;
    }
    int from = Math.max(start, end - limit * CHARS_A_TOKEN);
    for (Cut cut : kind.cuts()) {
      int found = first(places(cut, from, end), end);
      if (found < end) {
        return found;
      }
    }
    return end;
  }

  /** How many chars before a chunk its overlap and the page marks cut by it can be. */
  int reach() {
    return limit * CHARS_A_TOKEN + PageMark.REACH;
  }

  private List<Integer> places(Cut cut, int from, int end) {
    List<Integer> places = new ArrayList<>();
    for (int at = cut.next(text, from, end); at < end; at = cut.next(text, at, end)) {
      places.add(at);
    }
    return places;
  }

  /** Binary search: the further back, the more tokens. */
  private int first(List<Integer> places, int end) {
    int low = 0;
    int high = places.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (tokens.count(places.get(middle), end) <= limit) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    boolean found = low < places.size() && !BlankText.isBlank(text, places.get(low), end);
    return found ? places.get(low) : end;
  }
}
