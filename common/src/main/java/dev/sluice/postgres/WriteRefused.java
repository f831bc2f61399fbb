package dev.sluice.postgres;

/**
 * A write that must not happen: the transaction is rolled back and the message is acknowledged,
 * since another generation or another invocation now answers for the work.
 */
public abstract sealed class WriteRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  private WriteRefused(String code) {
    super(code);
    this.code = code;
  }

  /** For logs and events, snake case. */
  public String code() {
    return code;
  }

  /** The document was deleted, or a newer generation's bytes have arrived. */
  public static final class FenceLost extends WriteRefused {
    private static final long serialVersionUID = 1L;

    public FenceLost() {
      super("superseded");
    }
  }

  /** The lease ran out and was taken, or the job has moved on. */
  public static final class LeaseLost extends WriteRefused {
    private static final long serialVersionUID = 1L;

    public LeaseLost() {
      super("lease_lost");
    }
  }
}
