package dev.sluice.vectors;

/** A way of writing the sample into a table of its own. */
interface Writer {
  /** Known to who reads the results. */
  String name();

  /**
   * Empties the table and makes ready what is not measured.
   *
   * @return writes all vectors, so many to a commit
   */
  Work prepare(int rowsACommit) throws Exception;

  /** What is measured. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }
}
