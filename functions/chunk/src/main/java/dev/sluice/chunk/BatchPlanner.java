package dev.sluice.chunk;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Spreads a document's distinct texts over embedding calls, in the order in which they first occur.
 * The same texts give the same batches, so a stage that runs again plans nothing new.
 *
 * @param maxTexts a batch, 1 to 256
 * @param maxTokens a batch; far below the provider's 300,000, so that a large document is embedded
 *     by several functions at once
 */
record BatchPlanner(int maxTexts, int maxTokens) {
  static final BatchPlanner DEFAULT = new BatchPlanner(256, 50_000);

  private static final int MAX_TEXTS = 256;
  private static final int PROVIDER_TOKENS_A_TEXT = 8_191;
  private static final int PROVIDER_TOKENS_A_REQUEST = 300_000;

  BatchPlanner {
    if (maxTexts < 1 || maxTexts > MAX_TEXTS) {
      throw new IllegalArgumentException("a batch has 1 to 256 texts, not " + maxTexts);
    }
    if (maxTokens < PROVIDER_TOKENS_A_TEXT || maxTokens > PROVIDER_TOKENS_A_REQUEST) {
      throw new IllegalArgumentException(
          "a batch has a budget of 8,191 to 300,000 tokens, not " + maxTokens);
    }
  }

  /**
   * The same with batches of fewer tokens, as far as one text needs no more.
   *
   * @param tokens as many as a batch should have at most
   */
  BatchPlanner withAtMost(int tokens) {
    return new BatchPlanner(maxTexts, Math.clamp(tokens, PROVIDER_TOKENS_A_TEXT, maxTokens));
  }

  /** None for no texts; a text that occurs several times is embedded once. */
  List<PlannedBatch> plan(List<EmbedText> texts) {
    List<PlannedBatch> batches = new ArrayList<>();
    List<String> open = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    int tokens = 0;
    for (EmbedText text : texts) {
      if (!seen.add(text.embedSha())) {
        continue;
      }
      if (!open.isEmpty() && (open.size() == maxTexts || tokens + text.tokens() > maxTokens)) {
        batches.add(new PlannedBatch(batches.size(), open, tokens));
        open.clear();
        tokens = 0;
      }
      open.add(text.embedSha());
      tokens += text.tokens();
    }
    if (!open.isEmpty()) {
      batches.add(new PlannedBatch(batches.size(), open, tokens));
    }
    return List.copyOf(batches);
  }
}
