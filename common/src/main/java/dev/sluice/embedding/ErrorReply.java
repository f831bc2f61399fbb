package dev.sluice.embedding;

import io.micronaut.serde.annotation.Serdeable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The provider's refusal. */
@Serdeable
record ErrorReply(@Nullable Detail error) {
  private static final Pattern CODE = Pattern.compile("[a-z0-9_.-]{1,60}");

  /**
   * What was wrong.
   *
   * @param code tells the two families of 429 apart; often null elsewhere
   */
  @Serdeable
  record Detail(@Nullable String message, @Nullable String type, @Nullable String code) {}

  /** Null for what is no code: it becomes part of ours, in rows and logs. */
  @Nullable String code() {
    var code = error == null ? null : error.code();
    return code != null && CODE.matcher(code).matches() ? code : null;
  }
}
