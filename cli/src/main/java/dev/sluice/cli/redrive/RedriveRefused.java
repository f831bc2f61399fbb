package dev.sluice.cli.redrive;

import java.io.Serial;

/** SQS did not move the messages; the message is a sentence for a person. */
public final class RedriveRefused extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  RedriveRefused(String sentence) {
    super(sentence);
  }
}
