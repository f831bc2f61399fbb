package dev.sluice.cli.ingest;

import java.io.Serial;

/** A path that is no document; its message is a sentence for a person. */
final class UnreadableFile extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final String sentence;
  private final String code;

  UnreadableFile(String code, String message) {
    super(message);
    this.sentence = message;
    this.code = code;
  }

  @Override
  public String getMessage() {
    return sentence;
  }

  String code() {
    return code;
  }
}
