package dev.sluice.validate;

/** What {@link TextNormaliser} makes of some bytes. */
sealed interface Normalisation {

  /**
   * The canonical text.
   *
   * @param utf8 never empty, ends with one line feed
   * @param sha256 lower-case hex SHA-256 of {@code utf8}
   */
  record Accepted(byte[] utf8, String sha256) implements Normalisation {}

  /**
   * Permanent: the same bytes are refused again.
   *
   * @param code one of {@code text_too_large}, {@code not_utf8}, {@code empty_text}
   * @param sentence for the person who uploaded the document
   */
  record Refused(String code, String sentence) implements Normalisation {}
}
