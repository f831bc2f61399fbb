package dev.sluice.embedding;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The provider's answer; what it adds to this is ignored. */
@Serdeable(naming = SnakeCaseStrategy.class)
record EmbeddingsReply(@Nullable List<@Nullable Item> data, @Nullable Usage usage) {
  /** The provider takes 300,000 a request. */
  private static final long MOST_TOKENS = 1_000_000;

  /**
   * One vector.
   *
   * @param index of its text in the request; the order of the items is not promised
   * @param embedding little-endian float32 in base64
   */
  @Serdeable(naming = SnakeCaseStrategy.class)
  record Item(int index, @Nullable String embedding) {}

  /** What is paid for. */
  @Serdeable(naming = SnakeCaseStrategy.class)
  record Usage(long promptTokens) {}

  /** What is paid for; 0 if the answer does not say it, or says what no request can have had. */
  long promptTokens() {
    return usage == null || usage.promptTokens() < 0 || usage.promptTokens() > MOST_TOKENS
        ? 0
        : usage.promptTokens();
  }
}
