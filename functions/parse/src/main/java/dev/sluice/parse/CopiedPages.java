package dev.sluice.parse;

import java.util.List;

/**
 * What was copied of a result.
 *
 * @param all how many pages the document has
 * @param missing the numbers of those that the parser could not read
 */
record CopiedPages(int all, List<Integer> missing) {
  /** Whether no page at all was read. */
  boolean areNone() {
    return missing.size() == all;
  }
}
