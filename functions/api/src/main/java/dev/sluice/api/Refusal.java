package dev.sluice.api;

import dev.sluice.document.JobStatus;
import io.micronaut.http.HttpStatus;

/** An answer that is no success, with a code for programs and a sentence for people. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final HttpStatus status;
  private final String code;

  private Refusal(HttpStatus status, String code, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
  }

  static Refusal unauthenticated() {
    return new Refusal(
        HttpStatus.UNAUTHORIZED, "unauthenticated", "The token names no user by a UUID.");
  }

  /** Of a field: {@code code} is {@code invalid_FIELD}. */
  static Refusal invalid(String field, String detail) {
    return new Refusal(HttpStatus.BAD_REQUEST, "invalid_" + field, detail);
  }

  /** Also for what another tenant owns: nobody learns that it exists. */
  static Refusal unknownDocument() {
    return new Refusal(HttpStatus.NOT_FOUND, "unknown_document", "There is no such document.");
  }

  /** Of an upload whose key was another upload's. */
  static Refusal keyOfOtherBytes() {
    return new Refusal(
        HttpStatus.UNPROCESSABLE_ENTITY,
        "idempotency_key_reused",
        "An upload of other bytes came with this Idempotency-Key.");
  }

  /** Of an upload that is announced again although nothing waits for its bytes any more. */
  static Refusal uploadClosed() {
    return conflict(
        "upload_closed",
        "The upload with this Idempotency-Key was cancelled, deleted, replaced by a newer one, or"
            + " failed before its bytes were received; upload it again with another key.");
  }

  /** Of a job that has ended: the code says how. */
  static Refusal notToBeCancelled(JobStatus status) {
    return switch (status) {
      case COMPLETE ->
          conflict("job_complete", "The job is complete; to undo it, delete the document.");
      case CANCELLED -> conflict("job_cancelled", "The job is cancelled already.");
      case FAILED_PARSE, FAILED_CHUNKING, FAILED_EMBEDDING ->
          conflict("job_failed", "The job has failed; nothing of it is running.");
      case UPLOADED,
          PARSE_QUEUED,
          PARSED,
          PARSE_VALIDATED,
          CHUNKING,
          CHUNKS_STORED,
          EMBEDDING_QUEUED,
          EMBEDDING_IN_PROGRESS,
          EMBEDDINGS_STORED ->
          throw new IllegalArgumentException(status.wireName() + " can be cancelled");
    };
  }

  /** Of a job that has not failed, or that another call was faster to retry: the code says. */
  static Refusal notToBeRetried(JobActs.Standing standing) {
    if (standing.status() == JobStatus.COMPLETE) {
      return conflict("job_complete", "The job is complete; there is nothing to retry.");
    }
    if (standing.status() == JobStatus.CANCELLED) {
      return conflict("job_cancelled", "The job was cancelled; upload the document again.");
    }
    if (!standing.hasBytes()) {
      return conflict("upload_missing", "The bytes never came; upload the document again.");
    }
    return standing.status().isFailed()
        ? conflict("superseded", "A newer upload of the document has taken its place.")
        : conflict("job_running", "The job has not failed; it is on its way.");
  }

  static Refusal deletedDocument() {
    return conflict("document_deleted", "The document was deleted; upload it again.");
  }

  static Refusal noPreviousGeneration() {
    return conflict(
        "no_previous_generation", "There is no earlier complete generation to go back to.");
  }

  static Refusal generationUnavailable(int generation) {
    return conflict(
        "generation_unavailable",
        "Generation " + generation + " is not complete, or is no longer kept.");
  }

  private static Refusal conflict(String code, String detail) {
    return new Refusal(HttpStatus.CONFLICT, code, detail);
  }

  HttpStatus status() {
    return status;
  }

  String code() {
    return code;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
