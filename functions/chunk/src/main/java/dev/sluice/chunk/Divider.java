package dev.sluice.chunk;

import dev.sluice.document.BlankText;
import java.util.List;
import java.util.function.Consumer;

/**
 * Blocks to atoms: a block that fits a chunk stays whole; one that does not is cut at its kind's
 * best places, and a part that still does not fit at the next best, down to single characters.
 */
final class Divider {
  /** No code point is more than four tokens, one for each UTF-8 byte. */
  private static final int MAX_TOKENS_A_CODE_POINT = 4;

  /** A longer atom is known by its beginning. */
  private static final int HASHED_CHARS = 256;

  private final Text text;
  private final TokenIndex tokens;
  private final int target;

  Divider(Text text, TokenIndex tokens, int targetTokens) {
    this.text = text;
    this.tokens = tokens;
    this.target = targetTokens;
  }

  void divide(Block block, Consumer<Atom> atoms) {
    int start = block.contentStart();
    List<Cut> cuts = block.kind().cuts();
    divide(block, start, block.contentEnd(), Atom.seamBefore(block), cuts, atoms);
  }

  private void divide(
      Block block, int start, int end, int seam, List<Cut> cuts, Consumer<Atom> atoms) {
    int count = tokens.countUpTo(start, end, target);
    if (count <= target) {
      atoms.accept(atom(block, start, end, count, seam));
      return;
    }
    List<Cut> finer = cuts.isEmpty() ? cuts : cuts.subList(1, cuts.size());
    int from = start;
    while (from < end) {
      int to = next(cuts, from, end);
      divide(block, from, to, from == start ? seam : cuts.size(), finer, atoms);
      from = to;
    }
  }

  /** The page marks around a block's content go with its first and last atom. */
  private Atom atom(Block block, int start, int end, int count, int seam) {
    boolean first = start == block.contentStart();
    return new Atom(
        first ? block.start() : start,
        end == block.contentEnd() ? block.end() : end,
        count,
        BlankText.isBlank(text, start, end),
        seam,
        hash(start, end),
        first,
        block);
  }

  private int next(List<Cut> cuts, int from, int end) {
    return cuts.isEmpty()
        ? Characters.next(text, from, end, Math.max(1, target / MAX_TOKENS_A_CODE_POINT))
        : cuts.getFirst().next(text, from, end);
  }

  /** Written out, since a chunk's boundaries depend on it for ever. */
  private int hash(int start, int end) {
    int to = BlankText.endWithoutSpaces(text, start, Math.min(end, start + HASHED_CHARS));
    int hash = 0;
    for (int at = start; at < to; at++) {
      hash = 31 * hash + text.charAt(at);
    }
    hash = (hash ^ hash >>> 16) * 0x7FEB352D;
    hash = (hash ^ hash >>> 15) * 0x846CA68B;
    return hash ^ hash >>> 16;
  }
}
