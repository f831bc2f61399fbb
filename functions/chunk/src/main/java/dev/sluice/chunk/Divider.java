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

  private final String text;
  private final TokenCounter counter;
  private final int target;

  Divider(String text, TokenCounter counter, int targetTokens) {
    this.text = text;
    this.counter = counter;
    this.target = targetTokens;
  }

  void divide(Block block, Consumer<Atom> atoms) {
    divide(block, block.contentStart(), block.contentEnd(), block.kind().cuts(), atoms);
  }

  private void divide(Block block, int start, int end, List<Cut> cuts, Consumer<Atom> atoms) {
    int tokens = counter.countUpTo(text, start, end, target);
    if (tokens <= target) {
      atoms.accept(atom(block, start, end, tokens));
      return;
    }
    List<Cut> finer = cuts.isEmpty() ? cuts : cuts.subList(1, cuts.size());
    int from = start;
    while (from < end) {
      int to = next(cuts, from, end);
      divide(block, from, to, finer, atoms);
      from = to;
    }
  }

  /** The page marks around a block's content go with its first and last atom. */
  private Atom atom(Block block, int start, int end, int tokens) {
    return new Atom(
        start == block.contentStart() ? block.start() : start,
        end == block.contentEnd() ? block.end() : end,
        tokens,
        BlankText.isBlank(text, start, end),
        block.kind(),
        block.page());
  }

  private int next(List<Cut> cuts, int from, int end) {
    return cuts.isEmpty()
        ? Characters.next(text, from, end, Math.max(1, target / MAX_TOKENS_A_CODE_POINT))
        : cuts.getFirst().next(text, from, end);
  }
}
