package dev.sluice.localstack.real;

import com.sun.net.httpserver.HttpExchange;
import dev.sluice.localstack.http.LoopbackServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;

/** Calls that the cap does not let pass. */
final class Refusals {
  /** To the caller, who knows no cap. */
  static final String SENTENCE = "The local cloud's cap on real spending is reached.";

  private Refusals() {}

  static void log(Logger log, String provider, Spending price, SpendingRecord record) {
    log.warn(
        "A call to the real {} was refused, and its job waits: it may cost {}, {} are spent, and"
            + " the cap is {}. A cloud started with a larger --cap lets it pass.",
        provider,
        price.text(),
        record.spent().text(),
        record.cap().text());
  }

  static void answer(HttpExchange exchange, int status, String json) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    LoopbackServer.respond(exchange, status, json.getBytes(StandardCharsets.UTF_8));
  }
}
