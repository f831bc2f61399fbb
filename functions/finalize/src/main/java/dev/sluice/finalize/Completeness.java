package dev.sluice.finalize;

/**
 * What a job announced and what is there.
 *
 * @param announced chunks that the chunk stage counted
 * @param chunks stored by the chunker of the job's version
 * @param vectors stored for the text of one of those chunks, by the job's model and version
 */
record Completeness(int announced, int chunks, int vectors) {
  boolean isWhole() {
    return announced > 0 && chunks == announced && vectors == announced;
  }

  /** For people. */
  String describe() {
    return "%d chunks were announced, %d are stored and %d have their vector."
        .formatted(announced, chunks, vectors);
  }
}
