package dev.sluice.postgres;

/**
 * A transaction that could not begin, or whose COMMIT failed: then nobody knows whether it holds.
 * No constraint of the schema is checked as late as that, so the connection is what broke.
 */
public final class TransactionBroken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TransactionBroken(RuntimeException cause) {
    super(cause);
  }
}
