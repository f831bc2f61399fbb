package dev.sluice.chunk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Blocks to chunks, stretch by stretch; each chunk that goes on repeats the end of the last one.
 */
final class ChunkPacker {
  private final Text text;
  private final TokenIndex tokens;
  private final Divider divider;
  private final Overlap overlap;
  private final ChunkWriter writer;
  private final Stretch stretch;
  private @Nullable Atom firstOfLast;
  private @Nullable Atom lastOfLast;

  ChunkPacker(Text text, TokenIndex tokens, ChunkPlan plan, ChunkWriter writer) {
    this.text = text;
    this.tokens = tokens;
    this.divider = new Divider(text, tokens, plan.targetTokens());
    this.overlap = new Overlap(text, tokens, plan.overlapTokens());
    this.writer = writer;
    this.stretch = new Stretch(plan.targetTokens());
  }

  void accept(Block block) {
    tokens.open(block);
    divider.divide(block, this::add);
  }

  void finish() {
    stretch.takeChunks().forEach(this::write);
  }

  private void add(Atom atom) {
    if (stretch.endsBefore(atom)) {
      finish();
      int needed = atom.start() - overlap.reach();
      text.forgetBefore(needed);
      tokens.forgetBefore(needed);
    }
    stretch.add(atom);
  }

  private void write(List<Atom> chunk) {
    writer.write(overlapStart(chunk.getFirst()), chunk);
    firstOfLast = chunk.getFirst();
    lastOfLast = chunk.getLast();
  }

  /** Between sections there is nothing to repeat. */
  private int overlapStart(Atom next) {
    Atom first = firstOfLast;
    Atom last = lastOfLast;
    return first == null || last == null || next.beginsSection()
        ? next.start()
        : overlap.start(first.start(), last.end(), last.block().kind());
  }
}
