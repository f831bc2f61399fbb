package dev.sluice.cli.faults;

import java.io.Serial;

/** The admin port did not do what it was asked; the message is a sentence for a person. */
public final class AdminRefused extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  AdminRefused(String sentence) {
    super(sentence);
  }

  AdminRefused(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
