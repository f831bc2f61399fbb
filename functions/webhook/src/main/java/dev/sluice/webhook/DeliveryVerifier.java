package dev.sluice.webhook;

import dev.sluice.callback.CallbackRefused;
import dev.sluice.callback.CallbackScheme;
import java.time.Instant;

/**
 * Checks the callbacks of one parser. Which one checks is decided by the job's record, never by the
 * caller. A further contract is a further implementation.
 */
interface DeliveryVerifier {
  /** The parser whose jobs it checks, as {@code upload_jobs.parser_name} holds it. */
  String parserName();

  /** What the job's callback header must name. */
  CallbackScheme scheme();

  /** In bytes; a longer body is refused before the job is looked up. */
  int largestBody();

  /**
   * Checks signature, time and shape, in that order.
   *
   * @param job as its row says
   * @param secret the job's signing secret
   * @throws CallbackRefused if any of them is wrong
   */
  VerifiedDelivery verify(Delivery delivery, CallbackJob job, String secret, Instant now);
}
