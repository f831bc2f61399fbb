package dev.sluice.cli.database;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.cli.api.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The functions' database passwords, by role. */
public final class RolePasswords {
  // The template's secrets are named STACK/database/FUNCTION.
  private static final List<String> FUNCTIONS =
      List.of("api", "webhook", "parse", "validate", "chunk", "embed", "finalize", "sweep");

  private RolePasswords() {}

  /** Reads a JSON object of role names and passwords. */
  public static Map<String, String> in(Path file) throws IOException {
    return Json.MAPPER.readValue(file.toFile(), new TypeReference<TreeMap<String, String>>() {});
  }

  /** Asks Secrets Manager, with the region and credentials that the AWS SDK finds. */
  public static Map<String, String> of(String stack) throws IOException {
    Map<String, String> passwords = new TreeMap<>();
    try (SecretsManagerClient secrets =
        SecretsManagerClient.builder().httpClient(UrlConnectionHttpClient.create()).build()) {
      for (String function : FUNCTIONS) {
        String name = stack + "/database/" + function;
        String value = secrets.getSecretValue(request -> request.secretId(name)).secretString();
        JsonNode login = Json.MAPPER.readTree(value);
        passwords.put(text(login, "username", name), text(login, "password", name));
      }
    }
    return passwords;
  }

  private static String text(JsonNode login, String field, String secret) throws IOException {
    if (!login.hasNonNull(field)) {
      throw new IOException("the secret " + secret + " has no " + field);
    }
    return login.get(field).asText();
  }
}
