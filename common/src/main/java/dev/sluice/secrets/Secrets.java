package dev.sluice.secrets;

import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * JSON secrets of Secrets Manager. A function starts without them: each is fetched when it is first
 * needed, and again when it seems to have been rotated.
 */
@Singleton
public final class Secrets {
  private static final Logger LOG = LoggerFactory.getLogger(Secrets.class);

  /** However often a wrong password or an unknown key comes, Secrets Manager is asked once. */
  private static final Duration AGAIN_AFTER = Duration.ofMinutes(1);

  private final SecretsManagerClient client;
  private final ObjectMapper json;
  private final Clock clock;
  private final Map<String, Fetched> fetched = new ConcurrentHashMap<>();

  Secrets(SecretsManagerClient client, ObjectMapper json, Clock clock) {
    this.client = client;
    this.json = json;
    this.clock = clock;
  }

  private record Fetched(Map<String, String> fields, Instant at) {}

  /**
   * The secret's fields.
   *
   * @param id name or ARN
   * @throws IllegalStateException if it is not one flat JSON object of strings
   */
  public Map<String, String> get(String id) {
    return fetched.computeIfAbsent(id, this::fetch).fields();
  }

  /**
   * The secret's fields as they are now, or were a minute ago.
   *
   * @throws IllegalStateException if it is not one flat JSON object of strings
   */
  public Map<String, String> getAgain(String id) {
    return fetched
        .compute(
            id,
            (same, last) ->
                last == null || clock.instant().isAfter(last.at().plus(AGAIN_AFTER))
                    ? fetch(id)
                    : last)
        .fields();
  }

  /**
   * The secret's fields, fetched again when they are older than that; if they cannot be, as they
   * were, for as long again.
   *
   * @throws IllegalStateException if it is not one flat JSON object of strings
   */
  public Map<String, String> getRecent(String id, Duration age) {
    return fetched
        .compute(
            id,
            (same, last) ->
                last == null
                    ? fetch(id)
                    : clock.instant().isAfter(last.at().plus(age)) ? renewed(id, last) : last)
        .fields();
  }

  private Fetched renewed(String id, Fetched last) {
    try {
      return fetch(id);
    } catch (SdkException e) {
      LOG.warn("Secret {} could not be read again; it is taken as it was", id, e);
      return new Fetched(last.fields(), clock.instant());
    }
  }

  private Fetched fetch(String id) {
    var value = client.getSecretValue(request -> request.secretId(id)).secretString();
    try {
      var fields = json.readValue(value, Argument.mapOf(String.class, String.class));
      return new Fetched(Map.copyOf(fields), clock.instant());
    } catch (IOException e) {
      // The parser's message would quote the secret.
      throw new IllegalStateException("secret " + id + " is not a JSON object of strings");
    }
  }
}
