package dev.sluice.parse;

import dev.sluice.secrets.Secrets;
import io.micronaut.context.annotation.Property;
import io.micronaut.http.MutableHttpRequest;
import io.micronaut.http.annotation.ClientFilter;
import io.micronaut.http.annotation.RequestFilter;
import java.time.Duration;
import java.util.Objects;

/** Shows the parser's key with each call to it, and with no other. */
@ClientFilter(serviceId = "llamaparse")
final class ParserKey {
  /** A new key works within so long, everywhere, without a deployment. */
  private static final Duration OLDEST = Duration.ofMinutes(2);

  private final Secrets secrets;
  private final String secretId;

  ParserKey(Secrets secrets, @Property(name = "sluice.llamaparse-secret") String secretId) {
    this.secrets = secrets;
    this.secretId = secretId;
  }

  @RequestFilter
  void authorize(MutableHttpRequest<?> request) {
    request.bearerAuth(value());
  }

  String value() {
    return Objects.requireNonNull(secrets.getRecent(secretId, OLDEST).get("api_key"), "api_key");
  }
}
