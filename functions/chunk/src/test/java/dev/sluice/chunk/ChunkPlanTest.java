package dev.sluice.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ChunkPlanTest {
  @Test
  void isAnotherVersionWithOtherSizes() {
    assertThat(ChunkPlan.DEFAULT.chunksVersion()).isEqualTo("markdown-simple@1");
    assertThat(new ChunkPlan(256, 32).chunksVersion()).isEqualTo("markdown-simple@1+t256o32");
  }

  @Test
  void refusesSizesThatTheModelOrTheOverlapCannotHold() {
    assertThatThrownBy(() -> new ChunkPlan(4097, 0)).hasMessageContaining("16 to 4096, not 4097");
    assertThatThrownBy(() -> new ChunkPlan(15, 0)).hasMessageContaining("16 to 4096, not 15");
    assertThatThrownBy(() -> new ChunkPlan(64, 33)).hasMessageContaining("half the target, not 33");
    assertThatThrownBy(() -> new ChunkPlan(64, -1)).hasMessageContaining("half the target, not -1");
  }

  @Test
  void neverGivesTheModelMoreThanItTakes() {
    MarkdownChunker largest = new MarkdownChunker(new ChunkPlan(4096, 2048));
    MarkdownTexts texts = new MarkdownTexts(5);
    assertThat(largest.chunk(texts.document(400)))
        .allSatisfy(chunk -> assertThat(chunk.tokens()).isLessThanOrEqualTo(8191));
  }
}
