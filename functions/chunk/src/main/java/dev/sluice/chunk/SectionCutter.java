package dev.sluice.chunk;

import org.jspecify.annotations.Nullable;

/**
 * Cuts one section that is too long for a chunk: atoms are taken until the next one does not fit,
 * and each chunk but the first repeats the end of the one before it. Holds one open chunk.
 */
final class SectionCutter {
  private static final int NONE = -1;

  private final ChunkWriter writer;
  private final Divider divider;
  private final Overlap overlap;
  private final int target;

  private Scope scope = Scope.within(null);
  private @Nullable OpenChunk chunk;
  private int silentStart = NONE;

  SectionCutter(ChunkWriter writer, Divider divider, Overlap overlap, int targetTokens) {
    this.writer = writer;
    this.divider = divider;
    this.overlap = overlap;
    this.target = targetTokens;
  }

  /** Begins a section; {@code first} is the scope of its first chunk. */
  void open(Scope first) {
    scope = first;
  }

  void add(Block block) {
    divider.divide(block, this::add);
  }

  /** Ends the section: what is open becomes its last chunk. */
  void close() {
    if (chunk != null) {
      chunk.writeTo(writer, scope);
      chunk = null;
    }
  }

  private void add(Atom atom) {
    OpenChunk filling = chunk;
    if (filling == null) {
      begin(atom);
    } else if (filling.hasRoomFor(atom)) {
      filling.add(atom);
    } else {
      close();
      scope = Scope.within(scope.section());
      int repeated = overlap.start(filling.start(), filling.end(), filling.lastKind());
      chunk = new OpenChunk(atom, repeated, atom.start(), target);
    }
  }

  /** White space before a section's first word is its first chunk's, at no cost: it is stripped. */
  private void begin(Atom atom) {
    int start = silentStart == NONE ? atom.start() : silentStart;
    silentStart = atom.silent() ? start : NONE;
    if (!atom.silent()) {
      chunk = new OpenChunk(atom, start, start, target);
    }
  }
}
