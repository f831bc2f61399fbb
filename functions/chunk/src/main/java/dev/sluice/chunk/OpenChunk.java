package dev.sluice.chunk;

import org.jspecify.annotations.Nullable;

/** The chunk that {@link SectionCutter} is filling. */
final class OpenChunk {
  /**
   * A heading of at most this part of the target stays with what follows, even above the target.
   */
  private static final int HEADING_PART = 4;

  private final int target;
  private final int overlapStart;
  private final int start;
  private final @Nullable Integer page;
  private Atom last;
  private int end;
  private int tokens;
  private int silentTokens;
  private boolean onlyHeadings;

  /** {@code first} is not silent: a chunk always says something. */
  OpenChunk(Atom first, int overlapStart, int start, int target) {
    this.target = target;
    this.overlapStart = overlapStart;
    this.start = start;
    this.page = first.page();
    this.last = first;
    this.end = first.end();
    this.tokens = first.tokens();
    this.onlyHeadings = first.kind() == Block.Kind.HEADING;
  }

  boolean hasRoomFor(Atom atom) {
    return atom.silent()
        || tokens + silentTokens + atom.tokens() <= target
        || (onlyHeadings && tokens <= target / HEADING_PART);
  }

  void add(Atom atom) {
    end = atom.end();
    if (atom.silent()) {
      silentTokens += atom.tokens();
      return;
    }
    tokens += silentTokens + atom.tokens();
    silentTokens = 0;
    onlyHeadings &= atom.kind() == Block.Kind.HEADING;
    last = atom;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  Block.Kind lastKind() {
    return last.kind();
  }

  void writeTo(ChunkWriter writer, Scope scope) {
    writer.write(overlapStart, start, end, scope, page, last.page());
  }
}
