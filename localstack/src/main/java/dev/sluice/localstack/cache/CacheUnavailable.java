package dev.sluice.localstack.cache;

/** No folder can be kept; the message is a sentence for the person at the terminal. */
public final class CacheUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CacheUnavailable(String message) {
    super(message);
  }

  CacheUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
