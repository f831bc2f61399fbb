package dev.sluice.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.secrets.LocalSecrets;
import dev.sluice.localstack.secrets.SecretDefinition;
import dev.sluice.localstack.template.CloudTemplate;
import dev.sluice.localstack.template.LocalNames;
import dev.sluice.localstack.template.TemplateReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteServicesTest {
  private static final String TEMPLATE =
      """
      Resources:
        Database:
          Type: AWS::SecretsManager::Secret
          Properties: {Name: db, SecretString: there}
        Other:
          Type: AWS::SecretsManager::Secret
          Properties: {Name: other, SecretString: there}
      """;

  @TempDir Path folder;

  @Test
  void takesTheDatabasePasswordsFromTheSecretsThatAreThere() throws Exception {
    Path file = Files.writeString(folder.resolve("template.yaml"), TEMPLATE);
    URI nowhere = URI.create("http://127.0.0.1:1");
    CloudTemplate template = TemplateReader.read(file, LocalNames.of(nowhere, nowhere, Map.of()));
    CompletableFuture<Map<String, String>> passwords = new CompletableFuture<>();
    try (LocalSecrets secrets = LocalSecrets.start(folder.resolve("secrets.json"), 0);
        StartUp startUp = new StartUp((step, took) -> {})) {
      secrets.define(
          List.of(
              new SecretDefinition.Literal(
                  "db", "{\"username\":\"sluice_api\",\"password\":\"p\"}"),
              new SecretDefinition.Literal("other", "{\"api_key\":\"k\"}")));

      AwsServices services = RemoteServices.at(secrets.endpoint(), template, startUp, passwords);

      assertThat(passwords).isCompletedWithValue(Map.of("sluice_api", "p"));
      assertThat(services.s3Endpoint()).isEqualTo(secrets.endpoint());
    }
  }
}
