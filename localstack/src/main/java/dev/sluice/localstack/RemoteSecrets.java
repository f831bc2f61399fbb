package dev.sluice.localstack;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.localstack.secrets.SecretDefinition;
import dev.sluice.localstack.secrets.SecretDefinition.Generated;
import dev.sluice.localstack.secrets.SecretDefinition.Literal;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Secrets on another server: what is missing is made, what was generated once stays. */
final class RemoteSecrets {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SecretsManagerClient client;

  RemoteSecrets(SecretsManagerClient client) {
    this.client = client;
  }

  void define(Collection<SecretDefinition> definitions) throws IOException {
    for (SecretDefinition definition : definitions) {
      define(definition);
    }
  }

  private void define(SecretDefinition definition) throws IOException {
    Optional<String> known = find(definition.name());
    if (known.isEmpty()) {
      String value = value(definition);
      client.createSecret(create -> create.name(definition.name()).secretString(value));
    } else if (definition instanceof Literal literal
        && !known.get().equals(literal.secretString())) {
      client.putSecretValue(
          put -> put.secretId(literal.name()).secretString(literal.secretString()));
    }
  }

  private Optional<String> find(String name) {
    try {
      return Optional.of(value(name));
    } catch (ResourceNotFoundException e) {
      return Optional.empty();
    }
  }

  String value(String name) {
    return client.getSecretValue(get -> get.secretId(name)).secretString();
  }

  private String value(SecretDefinition definition) throws IOException {
    return switch (definition) {
      case Literal literal -> literal.secretString();
      case Generated generated -> {
        if (!(JSON.readTree(generated.template()) instanceof ObjectNode object)) {
          throw new IOException(
              "SecretStringTemplate of " + generated.name() + " is not a JSON object");
        }
        yield object.put(generated.key(), password(generated)).toString();
      }
    };
  }

  private String password(Generated generated) {
    return client
        .getRandomPassword(
            random ->
                random
                    .passwordLength((long) generated.passwordLength())
                    .excludePunctuation(generated.excludePunctuation()))
        .randomPassword();
  }
}
