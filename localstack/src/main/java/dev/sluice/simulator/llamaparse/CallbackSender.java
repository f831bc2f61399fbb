package dev.sluice.simulator.llamaparse;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Sends callbacks, each once. */
final class CallbackSender {
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient http;
  private final LongAdder attempts = new LongAdder();

  CallbackSender(HttpClient http) {
    this.http = http;
  }

  long attempts() {
    return attempts.sum();
  }

  /**
   * Sends a message.
   *
   * @return why it did not arrive, empty if it did
   * @throws IllegalArgumentException if it cannot be sent to such an address
   */
  String send(CallbackMessage message) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(message.to())
            .timeout(ATTEMPT_TIMEOUT)
            .POST(HttpRequest.BodyPublishers.ofByteArray(message.body()));
    message.headers().forEach(request::setHeader);
    attempts.increment();
    try {
      int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      return status / 100 == 2 ? "" : "answered " + status;
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    }
  }
}
