package dev.sluice.parse;

import dev.sluice.document.StoragePath;
import org.jspecify.annotations.Nullable;

/**
 * Text that is stored for a job.
 *
 * @param parserName who made it
 * @param parserVersion with which options
 * @param parseJobId the parser's job, if this document went to one
 * @param pages how many it has, if the source has pages at all
 */
record ParsedText(
    StoragePath path,
    String parserName,
    String parserVersion,
    @Nullable String parseJobId,
    @Nullable Integer pages) {}
