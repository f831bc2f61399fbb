package dev.sluice.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The best passages, best first.
 *
 * @param mode how they were found: {@code vector}, or {@code full_text} when the question has got
 *     no vector
 * @param reason why it has got none, snake case; null if it has
 */
@Serdeable(naming = SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
record SearchAnswer(String mode, @Nullable String reason, List<Passage> results) {
  /**
   * One passage.
   *
   * @param page null where the document has no pages
   * @param score cosine similarity; of full text a rank between 0 and 1
   */
  @Serdeable(naming = SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Passage(
      UUID documentId,
      String filename,
      UUID chunkId,
      @Nullable Integer page,
      @Nullable String section,
      List<String> headingPath,
      double score,
      String text) {}
}
