package dev.sluice.callback;

import java.util.Arrays;
import java.util.Optional;

/**
 * How a callback is signed. The header names the scheme that its job was submitted with; the
 * verifier itself is chosen by the job's record.
 */
public enum CallbackScheme {
  /** {@code LC-Signature: sha256=<hex HMAC>} over the raw body, whose event id is the nonce. */
  LLAMAPARSE("lp"),
  /** Standard Webhooks, for any other parser: {@code webhook-id} is {@code job.kid.nonce}. */
  STANDARD_WEBHOOKS("sw");

  private final String code;

  CallbackScheme(String code) {
    this.code = code;
  }

  /** As the header writes it. */
  public String code() {
    return code;
  }

  static Optional<CallbackScheme> ofCode(String code) {
    return Arrays.stream(values()).filter(scheme -> scheme.code.equals(code)).findFirst();
  }
}
