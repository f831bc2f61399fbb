package dev.sluice.simulator.llamaparse;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sluice.simulator.http.Json;
import dev.sluice.simulator.llamaparse.Job.OwedCallback;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls submitters back: ids only, signed, a few attempts, then never again. */
final class Callbacks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient http;
  private final JobStore jobs;
  private final List<Duration> waits;
  private final Clock clock;
  private final LongAdder attempts = new LongAdder();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Callbacks(HttpClient http, JobStore jobs, List<Duration> waits, Clock clock) {
    this.http = http;
    this.jobs = jobs;
    this.waits = waits;
    this.clock = clock;
  }

  /** Starts the delivery of callbacks that a job owes. */
  void deliver(Job job, List<OwedCallback> callbacks) {
    if (!threads.isShutdown()) {
      callbacks.forEach(callback -> threads.execute(() -> deliver(job, callback)));
    }
  }

  long attempts() {
    return attempts.sum();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    Threads.await(threads);
  }

  private void deliver(Job job, OwedCallback callback) {
    try {
      attempt(job, callback, request(job, callback));
      jobs.update(job.id(), current -> current.settled(callback));
    } catch (InterruptedException e) {
      // Stopped while it was still owed: the next start delivers it.
      Thread.currentThread().interrupt();
    } catch (IllegalArgumentException e) {
      LOG.warn("job {}: its webhook cannot be called: {}", job.id(), e.getMessage());
      jobs.update(job.id(), current -> current.settled(callback));
    }
  }

  private void attempt(Job job, OwedCallback callback, HttpRequest request)
      throws InterruptedException {
    for (int attempt = 0; attempt <= waits.size(); attempt++) {
      String outcome = send(request);
      if (outcome.isEmpty()) {
        return;
      }
      LOG.info(
          "job {}: attempt {} of callback {} failed: {}",
          job.id(),
          attempt + 1,
          callback.eventType(),
          outcome);
      if (attempt < waits.size()) {
        Thread.sleep(waits.get(attempt));
      }
    }
    LOG.warn(
        "job {}: callback {} is given up; only polling finds the job now",
        job.id(),
        callback.eventType());
  }

  /** Why the attempt failed, empty if it did not. */
  private String send(HttpRequest request) throws InterruptedException {
    attempts.increment();
    try {
      int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return status / 100 == 2 ? "" : "answered " + status;
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    }
  }

  private HttpRequest request(Job job, OwedCallback callback) {
    Webhook webhook = job.submission().webhooks().get(callback.webhook());
    byte[] body = body(job, callback, webhook, clock.instant());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(webhook.webhookUrl()))
            .timeout(ATTEMPT_TIMEOUT)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers(webhook, callback, body).forEach(request::setHeader);
    return request.build();
  }

  private static Map<String, String> headers(Webhook webhook, OwedCallback callback, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>(webhook.webhookHeaders());
    headers.put("Content-Type", "application/json");
    headers.put("User-Agent", "llamaindex-webhook-service/1.0");
    headers.put("X-Webhook-Event-ID", callback.eventId());
    headers.put("X-Webhook-Event-Type", callback.eventType());
    String secret = webhook.webhookSigningSecret();
    if (secret != null) {
      byte[] key = secret.getBytes(StandardCharsets.US_ASCII);
      headers.put("LC-Signature", "sha256=" + Digest.hmac(key, body));
    }
    return headers;
  }

  private static byte[] body(Job job, OwedCallback callback, Webhook webhook, Instant now) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event_id", callback.eventId());
    event.put("event_type", callback.eventType());
    event.put("timestamp", seconds(now));
    event.put("data", Map.of("id", job.id(), "job_id", job.id()));
    try {
      String json = Json.MAPPER.writeValueAsString(event);
      return webhook.asObject()
          ? json.getBytes(StandardCharsets.UTF_8)
          : Json.MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event could not be written as JSON", e);
    }
  }

  /** Seconds with microseconds, in plain digits: a double would be written with an exponent. */
  private static BigDecimal seconds(Instant now) {
    return BigDecimal.valueOf(now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000, 6);
  }
}
