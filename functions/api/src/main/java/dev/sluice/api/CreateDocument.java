package dev.sluice.api;

import dev.sluice.document.DocumentIds;
import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.storage.DocumentStorage;
import dev.sluice.storage.PresignedUpload;
import dev.sluice.telemetry.LogFields;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Takes a document on: allots its next generation, opens the job, and signs the upload. Nothing
 * runs until the bytes have arrived.
 */
@Singleton
final class CreateDocument {
  private static final Duration UPLOAD_WITHIN = Duration.ofMinutes(15);

  private final JobOpening jobs;
  private final DocumentStorage storage;

  CreateDocument(JobOpening jobs, DocumentStorage storage) {
    this.jobs = jobs;
    this.storage = storage;
  }

  AcceptedDocument create(Caller caller, IdempotencyKey key, NewDocument.Valid document) {
    var opened =
        document.documentId() == null
            ? jobs.open(
                caller, key, DocumentIds.document(caller.userId(), document.sha256()), document)
            : jobs.openNext(caller, key, document.documentId(), document);
    var job = opened.job();
    LogFields.job(job, caller.correlationId());
    return AcceptedDocument.of(opened, opened.awaitsBytes() ? upload(job, document) : null);
  }

  private PresignedUpload upload(JobRef job, NewDocument.Valid document) {
    return storage.presignUpload(
        StoragePath.raw(job, document.extension()),
        document.mimeType(),
        document.sizeBytes(),
        document.sha256(),
        UPLOAD_WITHIN);
  }
}
