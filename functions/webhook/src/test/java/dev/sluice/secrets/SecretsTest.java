package dev.sluice.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.secrets.LocalSecrets;
import dev.sluice.localstack.secrets.SecretDefinition;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

@Tag("servers")
class SecretsTest {
  private static final Duration AGE = Duration.ofMinutes(10);

  private @TempDir Path folder;
  private LocalSecrets server;
  private SecretsManagerClient client;
  private Instant now = Instant.parse("2026-11-24T05:00:00Z");
  private Secrets secrets;

  @BeforeEach
  void start() throws IOException {
    server = LocalSecrets.start(folder.resolve("secrets.json"), 0);
    client =
        SecretsManagerClient.builder()
            .endpointOverride(server.endpoint())
            .region(Region.EU_WEST_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .build();
    secrets = new Secrets(client, ObjectMapper.getDefault(), clock());
    define("k1");
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void seesARotationWhenTheSecretHasBecomeOld() throws IOException {
    assertThat(current()).isEqualTo("k1");
    define("k2");
    now = now.plus(AGE);
    assertThat(current()).isEqualTo("k1");
    now = now.plusSeconds(1);
    assertThat(current()).isEqualTo("k2");
  }

  @Test
  void goesOnWithAnOldSecretWhileItCannotBeReadAgain() {
    assertThat(current()).isEqualTo("k1");
    server.close();
    now = now.plus(AGE).plusSeconds(1);
    assertThat(current()).isEqualTo("k1");
  }

  private String current() {
    return String.valueOf(secrets.getRecent("webhook", AGE).get("current"));
  }

  private void define(String current) throws IOException {
    server.define(
        List.of(new SecretDefinition.Literal("webhook", "{\"current\": \"" + current + "\"}")));
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now;
      }
    };
  }
}
