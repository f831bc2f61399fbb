package dev.sluice.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code markdown-simple}: structure first, then a token target. Time is linear in the text, and
 * memory does not grow with it: chunks are handed on as they are found.
 *
 * <p>The same text and plan give the same chunks. Thread-safe; loading the tokenizer takes a
 * fraction of a second, so keep one.
 */
final class MarkdownChunker {
  private final ChunkPlan plan;
  private final TokenCounter counter = new TokenCounter();

  MarkdownChunker(ChunkPlan plan) {
    this.plan = plan;
  }

  ChunkPlan plan() {
    return plan;
  }

  /**
   * Hands the text's chunks on in order; none if nothing but white space and page marks is there.
   *
   * @param text canonical, as the validator leaves it; any other is cut just as exactly
   */
  void chunk(String text, Consumer<Chunk> sink) {
    int target = plan.targetTokens();
    ChunkWriter writer = new ChunkWriter(text, counter, sink);
    Divider divider = new Divider(text, counter, target);
    Overlap overlap = new Overlap(text, counter, plan.overlapTokens());
    SectionCutter cutter = new SectionCutter(writer, divider, overlap, target);
    SectionPacker packer = new SectionPacker(text, counter, writer, cutter, target);
    BlockScanner blocks = new BlockScanner(text);
    for (Block block = blocks.next(); block != null; block = blocks.next()) {
      packer.accept(block);
    }
    packer.finish();
  }

  List<Chunk> chunk(String text) {
    List<Chunk> chunks = new ArrayList<>();
    chunk(text, chunks::add);
    return chunks;
  }
}
