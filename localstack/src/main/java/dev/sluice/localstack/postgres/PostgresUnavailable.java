package dev.sluice.localstack.postgres;

/**
 * There is no PostgreSQL with pgvector; the message is a sentence for the person at the terminal.
 */
public final class PostgresUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PostgresUnavailable(String message) {
    super(message);
  }

  PostgresUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
