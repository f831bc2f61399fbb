package dev.sluice.storage;

import java.time.Instant;
import java.util.Map;

/**
 * A PUT that anyone who holds it can make once, until it expires.
 *
 * @param headers to be sent exactly so: the signature covers them
 */
public record PresignedUpload(String url, Map<String, String> headers, Instant expiresAt) {}
