package dev.sluice.embedding;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * How long a call takes at most. One that is begun ends, and what it brought is stored, before the
 * buyer's function is stopped: a call that is cut off is perhaps paid, and bought again.
 */
@Singleton
@Requires(property = "sluice.openai-secret")
final class CallTime {
  /** To settle the call and store its vectors. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(5);

  private final Duration longest;

  /**
   * @param request from the connection to the answer's last byte, as the client enforces it
   */
  CallTime(@Property(name = "micronaut.http.services.openai.request-timeout") Duration request) {
    this.longest = request.plus(AFTERWARDS);
  }

  /** For how long a call can still be put off; negative if it is too late to begin one. */
  Duration slack(EmbeddingOrder order) {
    return order.remaining().get().minus(longest);
  }
}
