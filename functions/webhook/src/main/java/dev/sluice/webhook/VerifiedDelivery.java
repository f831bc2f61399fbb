package dev.sluice.webhook;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a verified callback says.
 *
 * @param nonce the delivery's own id, the same in every repetition of it
 * @param event the parser's name for what happened
 * @param parseJobId the parser's own id of the job, where it has one
 * @param ended whether the parser is done with the job, so that the parse stage has something to do
 * @param artifact the text, where the callback brings it
 */
record VerifiedDelivery(
    String nonce,
    String event,
    @Nullable String parseJobId,
    boolean ended,
    Optional<Artifact> artifact) {

  /** Whether the parser gave the document up, and brings nothing to fetch. */
  boolean hasFailed() {
    return event.equals("parser.failed");
  }
}
