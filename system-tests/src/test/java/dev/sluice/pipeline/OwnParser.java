package dev.sluice.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.document.Hashes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A parser as a reader of docs/security.md would write one: it takes a document's address, fetches
 * the bytes, and calls back by Standard Webhooks with the text in the call.
 */
final class OwnParser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Function<byte[], String> parse;

  /** What each callback was answered. */
  final List<Integer> answers = new CopyOnWriteArrayList<>();

  /**
   * @param parse bytes to Markdown; empty for what it cannot read
   */
  OwnParser(Function<byte[], String> parse) throws IOException {
    this.parse = parse;
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setExecutor(threads);
    server.createContext("/parse", this::take);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/parse";
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = JSON.readTree(exchange.getRequestBody());
      threads.execute(() -> work(request));
      exchange.sendResponseHeaders(202, -1);
    }
  }

  private void work(JsonNode request) {
    try {
      var source = HttpRequest.newBuilder(URI.create(request.path("source_url").asText())).build();
      var markdown = parse.apply(http.send(source, BodyHandlers.ofByteArray()).body());
      callBack(request.path("callback"), report(request.path("job_id").asText(), markdown));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String report(String job, String markdown) {
    var report = JSON.createObjectNode().put("job_id", job);
    report.put("status", markdown.isEmpty() ? "failed" : "complete");
    var artifacts = report.putArray("artifacts");
    if (!markdown.isEmpty()) {
      var bytes = markdown.getBytes(StandardCharsets.UTF_8);
      artifacts
          .addObject()
          .put("type", "markdown")
          .put("content", markdown)
          .put("sha256", Hashes.ofBytes(bytes))
          .put("bytes", bytes.length);
    }
    report.putObject("meta").put("parser_name", "own").put("parser_version", "1");
    return report.toString();
  }

  private void callBack(JsonNode callback, String body)
      throws IOException, InterruptedException, GeneralSecurityException {
    var id = callback.path("id_prefix").asText() + "n1";
    var time = String.valueOf(Instant.now().getEpochSecond());
    var request =
        HttpRequest.newBuilder(URI.create(callback.path("url").asText()))
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", time)
            .header(
                "webhook-signature",
                "v1," + mac(callback.path("secret").asText(), id + "." + time + "." + body))
            .POST(BodyPublishers.ofString(body));
    callback
        .path("headers")
        .properties()
        .forEach(header -> request.header(header.getKey(), header.getValue().asText()));
    answers.add(http.send(request.build(), BodyHandlers.discarding()).statusCode());
  }

  private static String mac(String secret, String signed) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    var key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    server.stop(0);
    http.shutdownNow();
    threads.shutdownNow();
  }
}
