package dev.sluice.document;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Deterministic ids: UUIDv5 (RFC 9562, section 5.5) in Sluice's namespace over a canonical,
 * lower-case, colon-separated name. The same input gives the same id wherever and however often it
 * is computed.
 */
public final class DocumentIds {
  /** The namespace of every id made here. */
  public static final UUID NAMESPACE = UUID.fromString("6c8a1e6e-1f0b-4aa8-9f0a-1a7c2e6f2b42");

  private DocumentIds() {}

  /** {@code document:{user_id}:{raw_sha256}}: the same bytes of a tenant are the same document. */
  public static UUID document(UUID userId, String rawSha256) {
    return named("document:" + userId + ":" + rawSha256);
  }

  /** {@code job:{document_id}:{generation}}. */
  public static UUID job(UUID documentId, int generation) {
    return named("job:" + documentId + ":" + generation);
  }

  /** {@code {document_id}:{chunker_name}:{chunker_version}:{chunk_ord}}. */
  public static UUID chunk(
      UUID documentId, String chunkerName, String chunkerVersion, int chunkOrd) {
    return named(documentId + ":" + chunkerName + ":" + chunkerVersion + ":" + chunkOrd);
  }

  /** {@code batch:{job_id}:{batch_no}}. */
  public static UUID batch(UUID jobId, int batchNo) {
    return named("batch:" + jobId + ":" + batchNo);
  }

  private static UUID named(String name) {
    var digest = Hashes.digest("SHA-1");
    digest.update(
        ByteBuffer.allocate(16)
            .putLong(NAMESPACE.getMostSignificantBits())
            .putLong(NAMESPACE.getLeastSignificantBits())
            .flip());
    digest.update(name.getBytes(StandardCharsets.UTF_8));
    var hash = ByteBuffer.wrap(digest.digest());
    long high = hash.getLong();
    long low = hash.getLong();
    return new UUID(
        (high & 0xFFFF_FFFF_FFFF_0FFFL) | 0x5000L,
        (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
  }
}
