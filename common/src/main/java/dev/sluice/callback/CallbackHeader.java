package dev.sluice.callback;

import java.time.Instant;
import java.util.UUID;

/**
 * What a genuine callback header says.
 *
 * @param keyId the master key that authenticates it
 * @param expires after this it is refused
 * @param salt makes each header unlike any other; not the salt of the job's row, which never leaves
 *     the database
 */
public record CallbackHeader(
    String keyId, UUID jobId, CallbackScheme scheme, Instant expires, String salt) {
  /** The HTTP header that carries it. */
  public static final String NAME = "X-Sluice-Callback";
}
