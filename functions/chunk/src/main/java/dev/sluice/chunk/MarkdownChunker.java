package dev.sluice.chunk;

import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * {@code markdown-simple}: structure first, then a token target. Time is linear in the text. Memory
 * does not grow with it, only with its longest block: text is read, and chunks are handed on, as
 * they are found.
 *
 * <p>The same text and plan give the same chunks. Thread-safe; loading the tokenizer takes a
 * fraction of a second, so keep one.
 */
final class MarkdownChunker {
  private final ChunkPlan plan;

  /** What it has learnt of words; whoever comes while it is in use begins without. */
  private final AtomicReference<TokenCounter> idleCounter =
      new AtomicReference<>(new TokenCounter());

  MarkdownChunker(ChunkPlan plan) {
    this.plan = plan;
  }

  ChunkPlan plan() {
    return plan;
  }

  /**
   * Hands the text's chunks on in order; none if nothing but white space and page marks is there.
   *
   * @param source of canonical text, as the validator leaves it; any other is cut just as exactly.
   *     Not closed
   * @throws java.io.UncheckedIOException if it cannot be read
   */
  void chunk(Reader source, Consumer<Chunk> sink) {
    TokenCounter idle = idleCounter.getAndSet(null);
    TokenCounter counter = idle == null ? new TokenCounter() : idle;
    chunk(new Text(source), counter, sink);
    idleCounter.set(counter);
  }

  List<Chunk> chunk(String text) {
    List<Chunk> chunks = new ArrayList<>();
    chunk(new StringReader(text), chunks::add);
    return chunks;
  }

  private void chunk(Text text, TokenCounter counter, Consumer<Chunk> sink) {
    TokenIndex tokens = new TokenIndex(text, counter);
    ChunkWriter writer = new ChunkWriter(text, tokens, counter, sink);
    ChunkPacker packer = new ChunkPacker(text, tokens, plan, writer);
    BlockScanner blocks = new BlockScanner(text);
    for (Block block = blocks.next(); block != null; block = blocks.next()) {
      packer.accept(block);
    }
    packer.finish();
  }
}
