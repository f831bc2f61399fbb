package dev.sluice.localstack;

/** Why the local cloud does not run; the message is a sentence for the person who started it. */
public final class LocalCloudException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LocalCloudException(String sentence) {
    super(sentence);
  }

  public LocalCloudException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
