package dev.sluice.chunk;

import dev.sluice.document.BlankText;
import dev.sluice.document.PageMark;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Spans of the text to chunks: numbers them and makes what is stored and embedded. */
final class ChunkWriter {
  private final String text;
  private final TokenCounter counter;
  private final HeadingPrefix prefixes;
  private final Consumer<Chunk> sink;
  private int written;

  ChunkWriter(String text, TokenCounter counter, Consumer<Chunk> sink) {
    this.text = text;
    this.counter = counter;
    this.prefixes = new HeadingPrefix(counter);
    this.sink = sink;
  }

  /** {@code overlapStart} equals {@code start} without overlap. */
  void write(
      int overlapStart,
      int start,
      int end,
      Scope scope,
      @Nullable Integer page,
      @Nullable Integer lastPage) {
    String words = PageMark.without(text, overlapStart, end);
    String stored = BlankText.strip(words, 0, words.length());
    String prefix = prefixes.of(scope.prefix());
    Heading section = scope.section();
    sink.accept(
        new Chunk(
            written++,
            stored,
            prefix,
            counter.count(prefix + stored),
            page,
            lastPage,
            section == null ? null : section.title(),
            Heading.path(scope.path()),
            start,
            end,
            start - overlapStart));
  }
}
