package dev.sluice.simulator.document;

/** A document that cannot be parsed, however often it is tried. */
public final class Unparseable extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** The provider's codes. */
  public enum Reason {
    PDF_IS_PROTECTED,
    PDF_IS_BROKEN,
    EMPTY_FILE,
    NO_DATA_FOUND_IN_FILE,
    UNSUPPORTED_FILE_TYPE
  }

  /**
   * @param message for the person whose document it is: what is wrong and what would help
   */
  public Unparseable(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
