package dev.sluice.chunk;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;

/** The chunker and the planner with this function's sizes. */
@Factory
final class ChunkerFactory {
  @Singleton
  MarkdownChunker chunker(
      @Property(name = "sluice.chunk.target-tokens") int targetTokens,
      @Property(name = "sluice.chunk.overlap-tokens") int overlapTokens) {
    return new MarkdownChunker(new ChunkPlan(targetTokens, overlapTokens));
  }

  @Singleton
  BatchPlanner planner() {
    return BatchPlanner.DEFAULT;
  }
}
