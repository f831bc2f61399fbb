package dev.sluice.localstack.real;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** The real service behind a proxy. It is called once a request, and redirects are the caller's. */
final class Upstream implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Longer than any function waits: what the answer says of the price is read all the same. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

  /** What is between two neighbours only, or told by the client itself; and no compression. */
  private static final Set<String> NOT_PASSED =
      Set.of(
          "accept-encoding",
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final URI baseUrl;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  Upstream(URI baseUrl) {
    this.baseUrl = baseUrl;
  }

  /** Sends the request with this body; the answer's is still to be read. */
  HttpResponse<InputStream> send(HttpExchange exchange, BodyPublisher body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target(exchange.getRequestURI()))
            .timeout(ANSWER_TIMEOUT)
            .method(exchange.getRequestMethod(), body);
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (isPassed(name)) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      return http.send(request.build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the local cloud is stopping");
    }
  }

  private URI target(URI asked) {
    String query = asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery();
    return URI.create(baseUrl + asked.getRawPath() + query);
  }

  /** Whether a call certainly never reached the provider. */
  static boolean neverConnected(IOException failure) {
    return failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException;
  }

  /** A request that costs nothing. */
  void pass(HttpExchange exchange) throws IOException {
    relay(exchange, send(exchange, BodyPublishers.noBody()));
  }

  static void relay(HttpExchange exchange, HttpResponse<InputStream> answer) throws IOException {
    try (InputStream body = answer.body()) {
      relay(exchange, answer, body);
    }
  }

  /** With the part of the body that was read already. */
  static void relay(HttpExchange exchange, HttpResponse<InputStream> answer, byte[] begun)
      throws IOException {
    try (InputStream rest = answer.body()) {
      relay(exchange, answer, new SequenceInputStream(new ByteArrayInputStream(begun), rest));
    }
  }

  private static void relay(
      HttpExchange exchange, HttpResponse<InputStream> answer, InputStream body)
      throws IOException {
    copy(answer.headers(), exchange);
    // The JDK's server means "no body" by -1 and "chunked" by 0.
    long length = answer.headers().firstValueAsLong("content-length").orElse(0);
    boolean empty = answer.statusCode() == 204 || answer.statusCode() == 304;
    exchange.sendResponseHeaders(answer.statusCode(), empty ? -1 : length);
    if (!empty) {
      try (OutputStream out = exchange.getResponseBody()) {
        body.transferTo(out);
      }
    }
  }

  private static void copy(HttpHeaders headers, HttpExchange exchange) {
    headers
        .map()
        .forEach(
            (name, values) -> {
              if (isPassed(name)) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
  }

  private static boolean isPassed(String header) {
    return !NOT_PASSED.contains(header.toLowerCase(Locale.ROOT)) && !header.startsWith(":");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
