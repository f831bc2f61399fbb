package dev.sluice.embedding;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/** The provider's refusal. */
@Serdeable
record ErrorReply(@Nullable Detail error) {
  /**
   * What was wrong.
   *
   * @param code tells the two families of 429 apart; often null elsewhere
   */
  @Serdeable
  record Detail(@Nullable String message, @Nullable String type, @Nullable String code) {}

  @Nullable String code() {
    return error == null ? null : error.code();
  }
}
