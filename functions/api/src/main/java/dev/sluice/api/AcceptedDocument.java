package dev.sluice.api;

import dev.sluice.storage.PresignedUpload;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a new document: its ids, and where its bytes go.
 *
 * @param upload left out where the call repeats one whose bytes have arrived
 */
@Serdeable(naming = SnakeCaseStrategy.class)
record AcceptedDocument(
    UUID documentId, UUID jobId, int generation, String status, @Nullable Upload upload) {
  /**
   * The request to make with the bytes as its body.
   *
   * @param headers exactly these; the signature covers them
   */
  @Serdeable(naming = SnakeCaseStrategy.class)
  record Upload(String method, String url, Map<String, String> headers, Instant expiresAt) {}

  static AcceptedDocument of(JobOpening.Opened opened, @Nullable PresignedUpload upload) {
    var job = opened.job();
    return new AcceptedDocument(
        job.documentId(),
        job.jobId(),
        job.generation(),
        opened.status(),
        upload == null
            ? null
            : new Upload("PUT", upload.url(), upload.headers(), upload.expiresAt()));
  }
}
