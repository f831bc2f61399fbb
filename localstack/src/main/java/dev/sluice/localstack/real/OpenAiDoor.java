package dev.sluice.localstack.real;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.sluice.localstack.http.LoopbackServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of OpenAI passes: embeddings, counted, and the list of models. */
final class OpenAiDoor implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(OpenAiDoor.class);

  /** 2,048 inputs of 8,192 tokens are as much as a request may have. */
  private static final int MOST_BYTES = 64 << 20;

  private final Upstream upstream;
  private final Meter meter;

  OpenAiDoor(Upstream upstream, Meter meter) {
    this.upstream = upstream;
    this.meter = meter;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
      case "POST /v1/embeddings" -> embed(exchange);
      case "GET /v1/models" -> upstream.pass(exchange);
      default -> refuse(exchange, 404, "unknown_url", "Only embeddings pass to the real OpenAI.");
    }
  }

  private void embed(HttpExchange exchange) throws IOException {
    Optional<byte[]> body = LoopbackServer.body(exchange, MOST_BYTES);
    Optional<Spending> price = body.isPresent() ? EmbeddingsPrice.of(body.get()) : Optional.empty();
    if (price.isEmpty()) {
      refuse(exchange, 400, "no_known_price", "What this request costs cannot be told.");
    } else if (meter.take(price.get())) {
      forward(exchange, body.orElseThrow(), price.get());
    } else {
      Refusals.log(LOG, "OpenAI", price.get(), meter.record());
      refuse(exchange, 429, "insufficient_quota", Refusals.SENTENCE);
    }
  }

  private void forward(HttpExchange exchange, byte[] body, Spending price) throws IOException {
    HttpResponse<InputStream> answer;
    try {
      answer = upstream.send(exchange, BodyPublishers.ofByteArray(body));
    } catch (IOException e) {
      if (Upstream.neverConnected(e)) {
        meter.correct(price, Spending.NOTHING);
      }
      throw e;
    }
    byte[] vectors = answer.body().readAllBytes();
    Spending charged = charged(answer.statusCode(), vectors, price);
    meter.correct(price, charged);
    LOG.info(
        "The real OpenAI answered {}: {} tokens counted, {} charged",
        answer.statusCode(),
        price.tokens(),
        charged.tokens());
    Upstream.relay(exchange, answer, vectors);
  }

  /** A request that is refused costs nothing; one that failed there may have cost all. */
  private static Spending charged(int status, byte[] answer, Spending price) throws IOException {
    if (status >= 400 && status < 500) {
      return Spending.NOTHING;
    }
    return status < 300 ? EmbeddingsPrice.charged(answer, price) : price;
  }

  private static void refuse(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    Refusals.answer(
        exchange,
        status,
        """
        {"error": {"message": "%s", "type": "%s", "param": null, "code": "%s"}}\
        """
            .formatted(message, code, code));
  }
}
