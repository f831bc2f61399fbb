package dev.sluice.localstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.localstack.template.CloudTemplate;
import dev.sluice.localstack.template.SecretDefinition;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The passwords of the functions' database roles, out of the template's secrets. */
final class DatabasePasswords {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DatabasePasswords() {}

  /**
   * Passwords by role: of each secret whose value is an object with {@code username} and {@code
   * password}.
   *
   * @param value of a secret's name
   */
  static Map<String, String> of(CloudTemplate template, UnaryOperator<String> value)
      throws IOException {
    Map<String, String> passwords = new HashMap<>();
    for (SecretDefinition secret : template.secrets()) {
      JsonNode json = JSON.readTree(value.apply(secret.name()));
      if (json.hasNonNull("username") && json.hasNonNull("password")) {
        passwords.put(json.path("username").asText(), json.path("password").asText());
      }
    }
    return passwords;
  }
}
