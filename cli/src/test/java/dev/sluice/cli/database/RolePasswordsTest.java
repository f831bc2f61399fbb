package dev.sluice.cli.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.cli.api.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RolePasswordsTest {
  private final Map<String, String> before = new LinkedHashMap<>();
  private HttpServer secretsManager;
  private String field = "password";

  @BeforeEach
  void start() throws IOException {
    secretsManager =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    secretsManager.createContext(
        "/",
        exchange -> {
          JsonNode asked = Json.MAPPER.readTree(exchange.getRequestBody());
          String name = asked.get("SecretId").asText();
          String role = "sluice_" + name.substring(name.lastIndexOf('/') + 1);
          String login = "{\"username\":\"" + role + "\",\"" + field + "\":\"of " + name + "\"}";
          byte[] answer =
              Json.MAPPER.writeValueAsBytes(Map.of("Name", name, "SecretString", login));
          exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    secretsManager.start();
    property(
        "aws.endpointUrlSecretsManager",
        "http://127.0.0.1:" + secretsManager.getAddress().getPort());
    property("aws.region", "eu-west-1");
    property("aws.accessKeyId", "local");
    property("aws.secretAccessKey", "local");
  }

  @AfterEach
  void stop() {
    secretsManager.stop(0);
    before.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            System.clearProperty(name);
          } else {
            System.setProperty(name, value);
          }
        });
  }

  @Test
  void readsOneSecretForEachFunction() throws IOException {
    assertThat(RolePasswords.of("blue"))
        .hasSize(8)
        .containsEntry("sluice_api", "of blue/database/api")
        .containsEntry("sluice_sweep", "of blue/database/sweep");
  }

  @Test
  void namesTheSecretThatIsNoLogin() {
    field = "passphrase";
    assertThatThrownBy(() -> RolePasswords.of("blue"))
        .isInstanceOf(IOException.class)
        .hasMessage("the secret blue/database/api has no password");
  }

  private void property(String name, String value) {
    before.put(name, System.getProperty(name, ""));
    System.setProperty(name, value);
  }
}
