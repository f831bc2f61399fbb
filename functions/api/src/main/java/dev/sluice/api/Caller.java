package dev.sluice.api;

import java.util.UUID;

/**
 * Who calls.
 *
 * @param userId the tenant: the token's subject, which the gateway has verified
 * @param correlationId follows what the call starts through every function's log
 */
record Caller(UUID userId, String correlationId) {
  /** The request's attribute that holds it. */
  static final String ATTRIBUTE = "sluice.caller";
}
