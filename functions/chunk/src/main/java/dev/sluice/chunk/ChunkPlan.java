package dev.sluice.chunk;

/**
 * How large chunks are made. Part of a chunk's identity: other values are another version, since
 * the same ordinal then holds another text.
 *
 * @param targetTokens the most that a chunk says of its own, in cl100k tokens; exceeded only by a
 *     heading kept with what follows it
 * @param overlapTokens the most that a chunk repeats of the one before it
 */
record ChunkPlan(int targetTokens, int overlapTokens) {
  static final String CHUNKER_NAME = "markdown-simple";
  static final ChunkPlan DEFAULT = new ChunkPlan(512, 64);

  /** The algorithm's own version: raise it when the same text would be split another way. */
  private static final String ALGORITHM = "1";

  private static final int MIN_TARGET = 16;

  /** Leaves room for overlap, heading path and rounding below the model's 8,191. */
  private static final int MAX_TARGET = 4096;

  ChunkPlan {
    if (targetTokens < MIN_TARGET || targetTokens > MAX_TARGET) {
      throw new IllegalArgumentException(
          "target tokens must be %d to %d, not %d".formatted(MIN_TARGET, MAX_TARGET, targetTokens));
    }
    if (overlapTokens < 0 || overlapTokens > targetTokens / 2) {
      throw new IllegalArgumentException(
          "overlap tokens must be 0 to half the target, not %d".formatted(overlapTokens));
    }
  }

  /** {@code 1} for the default sizes, else for instance {@code 1+t256o32}. */
  String chunkerVersion() {
    return targetTokens == 512 && overlapTokens == 64
        ? ALGORITHM
        : "%s+t%do%d".formatted(ALGORITHM, targetTokens, overlapTokens);
  }

  /** What a job's row says of its chunks: {@code markdown-simple@1}. */
  String chunksVersion() {
    return CHUNKER_NAME + "@" + chunkerVersion();
  }
}
