package dev.sluice.document;

import java.util.UUID;

/**
 * Names one job: one generation of one document of one tenant.
 *
 * @param generation 1 for a document's first upload, and one more for each that follows
 */
public record JobRef(UUID userId, UUID documentId, UUID jobId, int generation) {
  /** The job of that generation; its id follows from the document's. */
  public static JobRef of(UUID userId, UUID documentId, int generation) {
    return new JobRef(userId, documentId, DocumentIds.job(documentId, generation), generation);
  }
}
