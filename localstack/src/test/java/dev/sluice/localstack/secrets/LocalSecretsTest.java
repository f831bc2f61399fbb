package dev.sluice.localstack.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

class LocalSecretsTest {
  private static final SecretDefinition DATABASE =
      new SecretDefinition.Generated(
          "sluice/database/api", "{\"username\": \"sluice_api\"}", "password", 40, true);
  private static final SecretDefinition OPENAI =
      new SecretDefinition.Literal("sluice/openai", "{\"api_key\": \"sk-local\"}");

  @TempDir Path directory;
  private LocalSecrets secrets;
  private SecretsManagerClient client;

  @BeforeEach
  void start() throws IOException {
    secrets = LocalSecrets.start(file(), 0);
    secrets.define(List.of(DATABASE, OPENAI));
    client =
        SecretsManagerClient.builder()
            .endpointOverride(secrets.endpoint())
            .region(Region.EU_WEST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .httpClient(UrlConnectionHttpClient.create())
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    secrets.close();
  }

  @Test
  void givesASecretByNameAndByArn() {
    GetSecretValueResponse byName = client.getSecretValue(r -> r.secretId("sluice/openai"));
    assertThat(byName.secretString()).isEqualTo("{\"api_key\": \"sk-local\"}");
    assertThat(byName.name()).isEqualTo("sluice/openai");
    assertThat(byName.versionStages()).containsExactly("AWSCURRENT");
    assertThat(byName.createdDate())
        .isBetween(Instant.now().minus(Duration.ofMinutes(5)), Instant.now());
    assertThat(byName.arn())
        .isEqualTo(secrets.arn("sluice/openai"))
        .matches(
            "arn:aws:secretsmanager:eu-west-1:000000000000:secret:sluice/openai-[A-Za-z0-9]{6}");
    String partial = byName.arn().substring(0, byName.arn().length() - 7);
    assertThat(
            List.of(
                client.getSecretValue(r -> r.secretId(byName.arn())),
                client.getSecretValue(r -> r.secretId(partial).versionStage("AWSCURRENT")),
                client.getSecretValue(r -> r.secretId(partial).versionId(byName.versionId()))))
        .allMatch(byName::equalsBySdkFields);
  }

  @Test
  void generatesAPasswordOnceAndKeepsIt() throws Exception {
    String first = secrets.value("sluice/database/api");
    JsonNode generated = new ObjectMapper().readTree(first);
    assertThat(generated.get("username").asText()).isEqualTo("sluice_api");
    assertThat(generated.get("password").asText()).matches("[A-Za-z0-9]{40}");
    String arn = secrets.arn("sluice/database/api");
    secrets.close();
    secrets = LocalSecrets.start(file(), 0);
    secrets.define(List.of(DATABASE, OPENAI));
    assertThat(secrets.value("sluice/database/api")).isEqualTo(first);
    assertThat(secrets.arn("sluice/database/api")).isEqualTo(arn);
  }

  @Test
  void usesPunctuationUnlessTheTemplateExcludesIt() throws Exception {
    secrets.define(List.of(new SecretDefinition.Generated("long", "{}", "key", 500, false)));
    assertThat(new ObjectMapper().readTree(secrets.value("long")).get("key").asText())
        .hasSize(500)
        .containsPattern("[^A-Za-z0-9]");
  }

  @Test
  void takesOverALiteralThatHasChangedAsANewVersion() throws Exception {
    GetSecretValueResponse before = client.getSecretValue(r -> r.secretId("sluice/openai"));
    secrets.define(
        List.of(new SecretDefinition.Literal("sluice/openai", "{\"api_key\": \"sk-real\"}")));
    GetSecretValueResponse after = client.getSecretValue(r -> r.secretId("sluice/openai"));
    assertThat(after.secretString()).isEqualTo("{\"api_key\": \"sk-real\"}");
    assertThat(after.arn()).isEqualTo(before.arn());
    assertThat(after.versionId()).isNotEqualTo(before.versionId());
    assertThatThrownBy(
            () ->
                client.getSecretValue(
                    r -> r.secretId("sluice/openai").versionId(before.versionId())))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("VersionId: " + before.versionId());
  }

  @Test
  void keepsTheFileToItsOwnerAndSecretsOutOfTexts() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(OPENAI.toString()).doesNotContain("sk-local");
    assertThat(Files.readString(file())).contains("sluice_api").doesNotContain("sk-local");
    assertThat(new StoredSecret("arn", "v", "2026-01-01T00:00:00Z", "hidden").toString())
        .isEqualTo("arn");
  }

  @Test
  void forgetsAGivenSecretThatAnOlderFileHolds() throws Exception {
    secrets.close();
    Files.writeString(
        file(),
        """
        {"sluice/openai": {"arn": "arn", "version_id": "v", "created_at": "2026-01-01T00:00:00Z",
          "secret_string": "{\\"api_key\\": \\"sk-old\\"}"}}
        """);
    secrets = LocalSecrets.start(file(), 0);
    secrets.define(List.of(DATABASE, OPENAI));
    assertThat(secrets.value("sluice/openai")).contains("sk-local");
    assertThat(Files.readString(file())).doesNotContain("sk-old");
  }

  @Test
  void refusesWhatItDoesNotHaveTheWayTheServiceDoes() {
    assertThatThrownBy(() -> client.getSecretValue(r -> r.secretId("sluice/none")))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("Secrets Manager can't find the specified secret.");
    assertThatThrownBy(
            () ->
                client.getSecretValue(r -> r.secretId("sluice/openai").versionStage("AWSPREVIOUS")))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("staging label: AWSPREVIOUS");
    assertThatThrownBy(() -> client.getSecretValue(r -> {}))
        .isInstanceOf(InvalidParameterException.class);
    assertThatThrownBy(() -> client.deleteSecret(r -> r.secretId("sluice/openai")))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageContaining("does not know DeleteSecret");
    assertThatThrownBy(() -> secrets.value("sluice/none"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("There is no secret named sluice/none");
  }

  @Test
  void listsAndDescribesWithoutTheSecretsThemselves() {
    assertThat(client.listSecrets().secretList())
        .extracting(SecretListEntry::name)
        .containsExactly("sluice/database/api", "sluice/openai");
    DescribeSecretResponse described = client.describeSecret(r -> r.secretId("sluice/openai"));
    assertThat(described.arn()).isEqualTo(secrets.arn("sluice/openai"));
    assertThat(described.versionIdsToStages().values()).containsExactly(List.of("AWSCURRENT"));
  }

  @Test
  void answersARequestThatIsNotJsonWithoutBreaking() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(secrets.endpoint())
                  .header("X-Amz-Target", "secretsmanager.GetSecretValue")
                  .POST(HttpRequest.BodyPublishers.ofString("{"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).contains("SerializationException");
    }
  }

  @Test
  void refusesATemplateThatIsNotAnObject() {
    assertThatThrownBy(
            () ->
                secrets.define(List.of(new SecretDefinition.Generated("odd", "[]", "k", 8, true))))
        .isInstanceOf(IOException.class)
        .hasMessage("SecretStringTemplate of odd is not a JSON object");
  }

  @Test
  void saysThatThePortIsTaken() {
    int port = secrets.endpoint().getPort();
    assertThatThrownBy(() -> LocalSecrets.start(file(), port))
        .isInstanceOf(IOException.class)
        .hasMessage("Port %d, which the secrets should get, is taken.", port);
  }

  private Path file() {
    return directory.resolve("secrets.json");
  }
}
