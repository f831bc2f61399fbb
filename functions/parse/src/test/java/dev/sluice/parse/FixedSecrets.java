package dev.sluice.parse;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/** The parse function's three secrets. */
@Singleton
@Replaces(SecretsManagerClient.class)
@Requires(property = "fixture.database-password")
final class FixedSecrets implements SecretsManagerClient {
  static final String MASTER_KEY =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  private final String databasePassword;

  FixedSecrets(@Property(name = "fixture.database-password") String databasePassword) {
    this.databasePassword = databasePassword;
  }

  @Override
  public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
    var json =
        switch (request.secretId()) {
          case "webhook" -> "{\"current\": \"k1\", \"k1\": \"%s\"}".formatted(MASTER_KEY);
          case "llamaparse" -> "{\"api_key\": \"llx-local\"}";
          default ->
              "{\"username\": \"sluice_parse\", \"password\": \"%s\"}".formatted(databasePassword);
        };
    return GetSecretValueResponse.builder().secretString(json).build();
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}
}
