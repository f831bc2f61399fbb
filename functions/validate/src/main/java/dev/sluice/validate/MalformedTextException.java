package dev.sluice.validate;

/** Bytes that are no text in the encoding that they claim; the message is for the uploader. */
final class MalformedTextException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedTextException(String message) {
    super(message);
  }
}
