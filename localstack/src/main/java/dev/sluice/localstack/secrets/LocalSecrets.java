package dev.sluice.localstack.secrets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * AWS Secrets Manager on 127.0.0.1, inside this process: reading secrets by name or ARN. What is
 * generated is generated once and lives in one file, readable by its owner only; what is given
 * stays in memory.
 */
public final class LocalSecrets implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST_REQUEST_BYTES = 64 * 1024;
  private static final String SERVICE = "secretsmanager.";

  private final SecretFile secrets;
  private final SecretsProtocol protocol;
  private final HttpServer server;
  private final ExecutorService threads;

  private LocalSecrets(SecretFile secrets, HttpServer server) {
    this.secrets = secrets;
    this.protocol = new SecretsProtocol(secrets);
    this.server = server;
    this.threads = Executors.newVirtualThreadPerTaskExecutor();
  }

  /**
   * Starts the server with the secrets of the file, if there is one.
   *
   * @param port on 127.0.0.1, or 0 for any free one
   */
  public static LocalSecrets start(Path file, int port) throws IOException {
    SecretFile secrets = SecretFile.open(file, InstantSource.system());
    LocalSecrets started = new LocalSecrets(secrets, listen(port));
    started.server.setExecutor(started.threads);
    started.server.createContext("/", started::handle);
    started.server.start();
    return started;
  }

  private static HttpServer listen(int port) throws IOException {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
    } catch (IOException e) {
      throw new IOException("Port " + port + ", which the secrets should get, is taken.", e);
    }
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /**
   * Makes what is missing and takes over literals that have changed; what was generated once stays.
   */
  public void define(Collection<? extends SecretDefinition> definitions) throws IOException {
    secrets.define(definitions);
  }

  /** The secret's ARN, as {@code !Ref Secret} gives it. */
  public String arn(String name) {
    return stored(name).arn();
  }

  /** The secret itself, for the parts of the local cloud that play an operator. */
  public String value(String name) {
    return stored(name).secretString();
  }

  private StoredSecret stored(String name) {
    return secrets
        .find(name)
        .orElseThrow(() -> new IllegalArgumentException("There is no secret named " + name))
        .getValue();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        JsonNode request =
            JSON.readTree(exchange.getRequestBody().readNBytes(LARGEST_REQUEST_BYTES));
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        String operation =
            target != null && target.startsWith(SERVICE) ? target.substring(SERVICE.length()) : "";
        respond(exchange, 200, protocol.answer(operation, request));
      } catch (SecretsProtocol.Refused refused) {
        respond(exchange, 400, refused.body());
      } catch (JsonProcessingException e) {
        respond(
            exchange,
            400,
            new SecretsProtocol.Refused("SerializationException", "The request is not JSON.")
                .body());
      }
    }
  }

  private static void respond(HttpExchange exchange, int status, JsonNode body) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
