package dev.sluice.chunk;

import dev.sluice.document.BlankText;
import dev.sluice.document.PageMark;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Atoms to a chunk: numbers it and makes what is stored and embedded. */
final class ChunkWriter {
  private final Text text;
  private final TokenIndex index;
  private final TokenCounter counter;
  private final HeadingPrefix prefixes;
  private final Consumer<Chunk> sink;
  private int written;

  ChunkWriter(Text text, TokenIndex index, TokenCounter counter, Consumer<Chunk> sink) {
    this.text = text;
    this.index = index;
    this.counter = counter;
    this.prefixes = new HeadingPrefix(counter);
    this.sink = sink;
  }

  /** {@code overlapStart} is where the first atom starts if there is no overlap. */
  void write(int overlapStart, List<Atom> atoms) {
    int start = atoms.getFirst().start();
    int end = atoms.getLast().end();
    Scope scope = Scope.of(atoms);
    Heading section = scope.section();
    int gapChars = index.gaps().charsIn(overlapStart, end);
    String words =
        gapChars == 0
            ? text.substring(overlapStart, end)
            : PageMark.without(text, overlapStart, end);
    String stored = BlankText.strip(words, 0, words.length());
    boolean isIndexed =
        words.length() == end - overlapStart - gapChars
            && index.isExact(overlapStart, end)
            // No canonical text has one, and it can join the pieces of two lines.
            && stored.indexOf('\r') < 0;
    sink.accept(
        new Chunk(
            written++,
            stored,
            prefixes.of(scope.prefix()),
            prefixes.tokens(scope.prefix())
                + (isIndexed ? count(overlapStart, end) : counter.count(stored)),
            page(atoms),
            page(atoms.reversed()),
            section == null ? null : section.title(),
            Heading.path(scope.path()),
            start,
            end,
            start - overlapStart));
  }

  /** Of the range as it is stored: its gaps are just what is not. */
  private int count(int start, int end) {
    Ranges gaps = index.gaps();
    int from = gaps.after(start);
    while (BlankText.isSpace(text.charAt(from))) {
      from = gaps.after(from + 1);
    }
    int to = gaps.before(end);
    while (BlankText.isSpace(text.charAt(to - 1))) {
      to = gaps.before(to - 1);
    }
    return index.count(from, to);
  }

  private static @Nullable Integer page(List<Atom> atoms) {
    for (Atom atom : atoms) {
      if (!atom.silent()) {
        return atom.block().page();
      }
    }
    return atoms.getFirst().block().page();
  }
}
