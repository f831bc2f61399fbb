package dev.sluice.chunk;

import java.util.ArrayList;
import java.util.List;

/**
 * Atoms in a row that are joined to chunks together. It ends where no chunk could reach across, or
 * at an anchor: an atom that its own hash makes a beginning, so that what is before it has no say
 * in what comes after, and memory does not grow with a section.
 */
final class Stretch {
  /** Anchors are so many chunks apart, in the mean, */
  private static final int CHUNKS_BETWEEN_ANCHORS = 16;

  /** but never closer than this, */
  private static final int MIN_CHUNKS = 4;

  /** and where all says the same and no hash stands out, a stretch ends all the same. */
  private static final int MAX_TOKENS = 1 << 18;

  private final int target;
  private final List<Atom> atoms = new ArrayList<>();
  private int tokens;

  Stretch(int targetTokens) {
    this.target = targetTokens;
  }

  /** Whether it is complete if {@code next} follows. */
  boolean endsBefore(Atom next) {
    if (tokens <= target || next.silent() || atoms.getLast().introduces(next)) {
      return false;
    }
    return tokens >= MAX_TOKENS
        || (tokens >= MIN_CHUNKS * target && isAnchor(next))
        || (next.beginsSection() && isOutOfReach(next));
  }

  void add(Atom atom) {
    atoms.add(atom);
    tokens += atom.silent() ? 0 : atom.tokens();
  }

  /** Takes the atoms out, a list for each chunk. */
  List<List<Atom>> takeChunks() {
    List<List<Atom>> chunks = new Joining(atoms, target).chunks();
    atoms.clear();
    tokens = 0;
    return chunks;
  }

  /** The more an atom says the likelier, so that the distance is one in tokens. */
  private boolean isAnchor(Atom next) {
    long spacing = (long) CHUNKS_BETWEEN_ANCHORS * target;
    return Integer.toUnsignedLong(next.hash()) * spacing < (long) next.tokens() << 32;
  }

  /** Whether all that {@code section} could share a chunk with is too far away. */
  private boolean isOutOfReach(Atom section) {
    int between = 0;
    for (int i = atoms.size() - 1; i >= 0 && between <= target; i--) {
      Atom atom = atoms.get(i);
      between += atom.silent() ? 0 : atom.tokens();
      if (between <= target && atom.beginsSection() && mayShare(atom, section)) {
        return false;
      }
    }
    return true;
  }

  /** Leaves aside that a heading alone gives its chunk no name: then the stretch only goes on. */
  private static boolean mayShare(Atom first, Atom section) {
    Heading heading = first.heading();
    return heading == null || Heading.isWithin(section.heading(), heading.parent());
  }
}
