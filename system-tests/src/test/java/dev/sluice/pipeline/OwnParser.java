package dev.sluice.pipeline;

import static java.util.concurrent.CompletableFuture.delayedExecutor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.document.Hashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A parser as a reader of docs/security.md would write one: it takes a document's address, fetches
 * the bytes, and calls back by Standard Webhooks with the text in the call, again and again until
 * it is taken.
 */
public final class OwnParser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CALLS = 60;
  private static final Duration BETWEEN_CALLS = Duration.ofSeconds(1);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger jobs = new AtomicInteger();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Function<byte[], String> parse;

  /** What each call was answered; one that was not is not here. */
  final List<Integer> answers = new CopyOnWriteArrayList<>();

  /**
   * @param parse bytes to Markdown; empty for what it cannot read
   */
  public OwnParser(Function<byte[], String> parse) throws IOException {
    this.parse = parse;
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setExecutor(threads);
    server.createContext("/parse", this::take);
    server.start();
  }

  String url() {
    return url(port());
  }

  /** The same, where somebody stands between. */
  public static String url(int port) {
    return "http://127.0.0.1:" + port + "/parse";
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Whether nothing is to be parsed or to be told. */
  public boolean isIdle() {
    return jobs.get() == 0;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = JSON.readTree(exchange.getRequestBody());
      jobs.incrementAndGet();
      threads.execute(() -> work(request));
      exchange.sendResponseHeaders(202, -1);
    }
  }

  private void work(JsonNode request) {
    try {
      var source = HttpRequest.newBuilder(URI.create(request.path("source_url").asText())).build();
      var markdown = parse.apply(http.send(source, BodyHandlers.ofByteArray()).body());
      var report = report(request.path("job_id").asText(), markdown);
      callBack(request.path("callback"), report, CALLS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void callBack(JsonNode callback, String report, int calls) {
    if (isTaken(callback, report) || calls == 1) {
      jobs.decrementAndGet();
    } else {
      var later = delayedExecutor(BETWEEN_CALLS.toMillis(), TimeUnit.MILLISECONDS, threads);
      later.execute(() -> callBack(callback, report, calls - 1));
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

  private boolean isTaken(JsonNode callback, String body) {
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
    try {
      int status = http.send(request.build(), BodyHandlers.discarding()).statusCode();
      answers.add(status);
      return status / 100 == 2;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static String mac(String secret, String signed) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      var key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    http.shutdownNow();
    threads.shutdownNow();
  }
}
