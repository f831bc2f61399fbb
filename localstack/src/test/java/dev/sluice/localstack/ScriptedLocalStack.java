package dev.sluice.localstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.sluice.localstack.http.LoopbackServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One port for three services, as LocalStack has it: a real SQS behind it, S3 and secrets by
 * script.
 */
final class ScriptedLocalStack implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST = 1 << 20;

  final Map<String, String> secrets = new ConcurrentHashMap<>();

  /** Requests to S3: method, path with query, body. */
  final List<String> s3 = new CopyOnWriteArrayList<>();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI sqs;
  private final LoopbackServer server;

  ScriptedLocalStack(URI sqs) throws IOException {
    this.sqs = sqs;
    this.server = LoopbackServer.start(0, "localstack", this::handle);
  }

  URI uri() {
    return server.uri();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = LoopbackServer.body(exchange, LARGEST).orElseThrow();
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    if (target == null) {
      object(exchange, body);
    } else if (target.startsWith("AmazonSQS.")) {
      queue(exchange, target, body);
    } else {
      secret(exchange, target.replace("secretsmanager.", ""), JSON.readTree(body));
    }
  }

  private void object(HttpExchange exchange, byte[] body) throws IOException {
    String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    boolean again = s3.stream().anyMatch(earlier -> earlier.startsWith(call + " "));
    s3.add(call + " " + new String(body, StandardCharsets.UTF_8));
    if (again && exchange.getRequestURI().getQuery() == null) {
      answer(exchange, 409, "<Error><Code>BucketAlreadyOwnedByYou</Code></Error>");
    } else {
      answer(exchange, 200, "");
    }
  }

  private void queue(HttpExchange exchange, String target, byte[] body) throws IOException {
    try {
      var response =
          http.send(
              HttpRequest.newBuilder(sqs)
                  .header("X-Amz-Target", target)
                  .header("Content-Type", "application/x-amz-json-1.0")
                  .POST(BodyPublishers.ofByteArray(body))
                  .build(),
              BodyHandlers.ofString());
      exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
      answer(exchange, response.statusCode(), response.body());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void secret(HttpExchange exchange, String operation, JsonNode request)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    String name = request.path(operation.equals("CreateSecret") ? "Name" : "SecretId").asText();
    switch (operation) {
      case "GetRandomPassword" ->
          answer(
              exchange,
              200,
              "{\"RandomPassword\":\"%s\"}"
                  .formatted("r".repeat(request.path("PasswordLength").asInt())));
      case "CreateSecret", "PutSecretValue" -> {
        secrets.put(name, request.path("SecretString").asText());
        answer(exchange, 200, "{}");
      }
      default -> read(exchange, name);
    }
  }

  private void read(HttpExchange exchange, String name) throws IOException {
    if (secrets.containsKey(name)) {
      answer(
          exchange, 200, JSON.createObjectNode().put("SecretString", secrets.get(name)).toString());
    } else {
      answer(exchange, 400, "{\"__type\":\"ResourceNotFoundException\"}");
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    LoopbackServer.respond(exchange, status, body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
    http.close();
  }
}
