package dev.sluice.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Atoms to chunks: every seam is open at first, and they are closed as long as both sides fit one
 * chunk, the worst places to cut first, of equal ones that with the lowest hash. What is decided at
 * one seam depends on its neighbours alone, and on theirs less and less: an edit is soon forgotten
 * in both directions.
 *
 * <ul>
 *   <li>Sections share a chunk as long as all stand under one heading, the parent of the first that
 *       has words: siblings with all that is below them, never a cousin.
 *   <li>What is left of a section that was cut is not filled up with the next one.
 *   <li>Headings go with what they introduce, even a little above the target.
 * </ul>
 */
final class Joining {
  /** Headings of at most this part of the target stay with what follows. */
  private static final int HEADING_PART = 4;

  private final Atom[] atoms;
  private final int target;
  private final int size;

  /** Of the chunk that ends with an atom, its first; of the chunk that begins with one, its end. */
  private final int[] starts;

  private final int[] ends;

  /** Tokens before each atom; the next atom that says something, and what is behind the last. */
  private final int[] totals;

  private final int[] spokenFrom;
  private final int[] spokenTo;

  Joining(List<Atom> atoms, int targetTokens) {
    this.atoms = atoms.toArray(Atom[]::new);
    this.target = targetTokens;
    this.size = atoms.size();
    this.starts = new int[size];
    this.ends = new int[size];
    this.totals = new int[size + 1];
    this.spokenFrom = new int[size + 1];
    this.spokenTo = new int[size + 1];
    measure();
  }

  List<List<Atom>> chunks() {
    joinSilence();
    joinHeadings();
    for (long seam : seams()) {
      int at = (int) seam & 0xFF_FFFF;
      if (mayJoin(at)) {
        join(at);
      }
    }
    List<Atom> all = Arrays.asList(atoms);
    List<List<Atom>> chunks = new ArrayList<>();
    for (int start = 0; start < size; start = ends[start]) {
      chunks.add(all.subList(start, ends[start]));
    }
    return chunks;
  }

  private void measure() {
    for (int i = 0; i < size; i++) {
      starts[i] = i;
      ends[i] = i + 1;
      totals[i + 1] = totals[i] + atoms[i].tokens();
      spokenTo[i + 1] = atoms[i].silent() ? spokenTo[i] : i + 1;
    }
    spokenFrom[size] = size;
    for (int i = size - 1; i >= 0; i--) {
      spokenFrom[i] = atoms[i].silent() ? spokenFrom[i + 1] : i;
    }
  }

  /** A chunk always says something. */
  private void joinSilence() {
    for (int at = 1; at < size; at++) {
      if (atoms[at].silent() || spokenFrom[starts[at - 1]] >= at) {
        join(at);
      }
    }
  }

  private void joinHeadings() {
    for (int at = 1; at < size; at++) {
      if (isOpen(at) && atoms[at - 1].introduces(atoms[at])) {
        int headings = tokens(starts[at - 1], at);
        if (headings <= target / HEADING_PART || headings + tokens(at, ends[at]) <= target) {
          join(at);
        }
      }
    }
  }

  /** The seams in the order in which they are closed: rank, hash and place in one number. */
  private long[] seams() {
    long[] seams = new long[Math.max(0, size - 1)];
    for (int at = 1; at < size; at++) {
      Atom atom = atoms[at];
      seams[at - 1] = (long) atom.seam() << 56 | Integer.toUnsignedLong(atom.hash()) << 24 | at;
    }
    Arrays.sort(seams);
    return seams;
  }

  private boolean isOpen(int at) {
    return ends[starts[at - 1]] == at;
  }

  private boolean mayJoin(int at) {
    int start = starts[at - 1];
    return isOpen(at)
        && tokens(start, ends[at]) <= target
        && (!atoms[at].beginsSection() || isBeside(start, at));
  }

  /** Whether the section at {@code at} stands under the heading that the chunk before it does. */
  private boolean isBeside(int start, int at) {
    if (!atoms[start].beginsSection()) {
      return false;
    }
    int named = start;
    while (named < at && atoms[named].isHeading()) {
      named++;
    }
    Heading first = atoms[named < at ? named : start].heading();
    return first == null || Heading.isWithin(atoms[at].heading(), first.parent());
  }

  private void join(int at) {
    int start = starts[at - 1];
    int end = ends[at];
    ends[start] = end;
    starts[end - 1] = start;
  }

  /** Without silence at both ends. */
  private int tokens(int start, int end) {
    return Math.max(0, totals[spokenTo[end]] - totals[spokenFrom[start]]);
  }
}
