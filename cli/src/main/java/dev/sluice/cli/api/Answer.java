package dev.sluice.cli.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The passages nearest to a question, best first. */
public record Answer(@Nullable String mode, List<Passage> results) {

  /**
   * One passage.
   *
   * @param page null where the document has no pages
   */
  public record Passage(
      String documentId,
      @Nullable String filename,
      String chunkId,
      @Nullable Integer page,
      @Nullable String section,
      @Nullable List<String> headingPath,
      double score,
      String text) {}
}
