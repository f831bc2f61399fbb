package dev.sluice.parse;

import dev.sluice.document.StoragePath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text that is stored for a job.
 *
 * @param parserName who made it
 * @param parserVersion with which options
 * @param parseJobId the parser's job, if this document went to one
 * @param pages how many it has, if the source has pages at all
 * @param pagesMissing the numbers of those that could not be read
 */
record ParsedText(
    StoragePath path,
    String parserName,
    String parserVersion,
    @Nullable String parseJobId,
    @Nullable Integer pages,
    List<Integer> pagesMissing) {

  /** Of a source that has no pages, or whose pages nobody counted. */
  static ParsedText whole(StoragePath path, String parserName, String parserVersion) {
    return new ParsedText(path, parserName, parserVersion, null, null, List.of());
  }
}
