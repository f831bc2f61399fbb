package dev.sluice.document;

/** How long a document's text may be. */
public final class TextLimit {
  /**
   * As it comes from its user or the parser, and again when it is normalised: some 20,000 pages,
   * normalised inside a third of the validate function's memory.
   */
  public static final int BYTES = 64 << 20;

  private TextLimit() {}
}
