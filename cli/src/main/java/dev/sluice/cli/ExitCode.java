package dev.sluice.cli;

/** What the command says to scripts. */
final class ExitCode {
  /** Everything asked for was done; of an ingest: every document is complete. */
  static final int DONE = 0;

  /** At least one document is not complete. */
  static final int DOCUMENT_FAILED = 1;

  /** The command line, or something around it, is at fault. */
  static final int CANNOT = 2;

  private ExitCode() {}
}
