package dev.sluice.cli.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a new document: its ids, and where its bytes go.
 *
 * @param upload null where the bytes have arrived before
 */
public record AcceptedDocument(
    String documentId, String jobId, int generation, String status, @Nullable Upload upload) {

  /** A presigned request; the signature covers exactly these headers. */
  public record Upload(
      String method, String url, Map<String, String> headers, @Nullable String expiresAt) {}
}
