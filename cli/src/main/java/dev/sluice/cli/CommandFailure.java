package dev.sluice.cli;

import java.io.Serial;

/** Ends a command with one sentence on standard error. */
final class CommandFailure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final String sentence;

  CommandFailure(String sentence) {
    super(sentence);
    this.sentence = sentence;
  }

  CommandFailure(String sentence, Throwable cause) {
    super(sentence, cause);
    this.sentence = sentence;
  }

  @Override
  public String getMessage() {
    return sentence;
  }
}
