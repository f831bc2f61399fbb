package dev.sluice.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for.
 *
 * @param topK 1 to 50 passages, 5 if null
 * @param documentId null looks through all of the user's documents
 */
@Serdeable(naming = SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = false)
record SearchQuestion(@Nullable String query, @Nullable Integer topK, @Nullable UUID documentId) {
  private static final int LONGEST_QUERY = 4000;
  private static final int MOST = 50;
  private static final int USUAL = 5;

  String checkedQuery() {
    if (query == null || query.isBlank() || query.length() > LONGEST_QUERY) {
      throw Refusal.invalid("query", "The query must have 1 to 4000 characters.");
    }
    return query.strip();
  }

  int checkedTopK() {
    int asked = topK == null ? USUAL : topK;
    if (asked < 1 || asked > MOST) {
      throw Refusal.invalid("top_k", "top_k must be between 1 and 50.");
    }
    return asked;
  }
}
