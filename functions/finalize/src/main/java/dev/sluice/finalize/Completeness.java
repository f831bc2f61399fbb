package dev.sluice.finalize;

/**
 * What a job announced and what is there.
 *
 * @param announced chunks that the chunk stage counted
 * @param chunks stored by the chunker of the job's version
 * @param vectors stored for the text of one of those chunks, by the job's model and version
 * @param unembeddable chunks that have none, since the provider refused their text
 */
record Completeness(int announced, int chunks, int vectors, int unembeddable) {
  boolean isWhole() {
    return announced > 0 && chunks == announced && vectors + unembeddable == announced;
  }

  /**
   * Whether the provider refused every one of several texts: then it is not the texts. One text
   * alone may be what it does not take.
   */
  boolean isWithoutVectors() {
    return vectors == 0 && unembeddable > 1;
  }

  /** For people. */
  String describe() {
    return "%d chunks were announced, %d are stored, %d have their vector, %d cannot have one."
        .formatted(announced, chunks, vectors, unembeddable);
  }
}
