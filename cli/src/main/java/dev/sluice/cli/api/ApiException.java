package dev.sluice.cli.api;

import java.io.Serial;

/** An answer that is not the one asked for; its message is a sentence for a person. */
public final class ApiException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final String sentence;
  private final int status;
  private final String code;

  ApiException(int status, String code, String message) {
    super(message);
    this.sentence = message;
    this.status = status;
    this.code = code;
  }

  ApiException(String code, String message, Throwable cause) {
    super(message, cause);
    this.sentence = message;
    this.status = 0;
    this.code = code;
  }

  @Override
  public String getMessage() {
    return sentence;
  }

  /** The HTTP status, or 0 when no answer came at all. */
  public int status() {
    return status;
  }

  /**
   * The problem's code, such as {@code unknown_document}; {@code unreachable} without an answer.
   */
  public String code() {
    return code;
  }

  /** Worth asking again: nobody answered, or the answer says that it is a passing matter. */
  public boolean isTransient() {
    return status == 0 || status == 429 || status == 502 || status == 503 || status == 504;
  }
}
