package dev.sluice.api;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What tells a repeated {@code POST /documents} from a new upload of the same bytes: the client
 * gives each upload a key of its own and sends it again when an answer was lost.
 *
 * @param value null if the client gave none: each call then opens a job
 */
record IdempotencyKey(@Nullable String value) {
  static final String HEADER = "Idempotency-Key";

  private static final Pattern SANE = Pattern.compile("[!-~]{1,100}");

  /**
   * The header's value, checked.
   *
   * @throws Refusal if it is empty, over 100 characters, or has others than visible ASCII
   */
  static IdempotencyKey of(@Nullable String header) {
    if (header != null && !SANE.matcher(header).matches()) {
      throw Refusal.invalid(
          "idempotency_key", "The Idempotency-Key must have 1 to 100 visible ASCII characters.");
    }
    return new IdempotencyKey(header);
  }
}
