package dev.sluice.callback;

/**
 * A callback that must not be believed. The reason is for our log; the caller always gets the same
 * answer. Carries no stack trace: a flood of strangers must not cost more than the check itself.
 */
public final class CallbackRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  public CallbackRefused(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  /** Snake case, for instance {@code header_expired}. */
  public String reason() {
    return reason;
  }
}
