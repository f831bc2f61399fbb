package dev.sluice.secrets;

import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** JSON secrets of Secrets Manager, each fetched once in a function environment's life. */
@Singleton
public final class Secrets {
  private final SecretsManagerClient client;
  private final ObjectMapper json;
  private final Map<String, Map<String, String>> fetched = new ConcurrentHashMap<>();

  Secrets(SecretsManagerClient client, ObjectMapper json) {
    this.client = client;
    this.json = json;
  }

  /**
   * The secret's fields.
   *
   * @param id name or ARN
   * @throws IllegalStateException if it is not one flat JSON object of strings
   */
  public Map<String, String> get(String id) {
    return fetched.computeIfAbsent(id, this::fetch);
  }

  private Map<String, String> fetch(String id) {
    var value = client.getSecretValue(request -> request.secretId(id)).secretString();
    try {
      return Map.copyOf(
          json.readValue(value, io.micronaut.core.type.Argument.mapOf(String.class, String.class)));
    } catch (IOException e) {
      // The parser's message would quote the secret.
      throw new IllegalStateException("secret " + id + " is not a JSON object of strings");
    }
  }
}
