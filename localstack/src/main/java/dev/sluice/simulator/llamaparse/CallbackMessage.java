package dev.sluice.simulator.llamaparse;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sluice.simulator.fault.Fault;
import dev.sluice.simulator.fault.FaultKind;
import dev.sluice.simulator.http.Json;
import dev.sluice.simulator.llamaparse.Job.OwedCallback;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A callback as it goes over the wire: ids only, signed over the raw body. */
@SuppressWarnings("ArrayRecordComponent")
record CallbackMessage(URI to, Map<String, String> headers, byte[] body) {
  /** The key of one who does not know the submitter's. */
  private static final String FORGERS_SECRET = "f".repeat(64);

  /**
   * Writes what is owed, with the faults that are in the message itself.
   *
   * @param now the time in the body, by which the receiver tells an old one
   * @throws IllegalArgumentException if the submitter's address is none
   */
  static CallbackMessage write(Job job, OwedCallback callback, Instant now, Fault fault) {
    Webhook webhook = job.submission().webhooks().get(callback.webhook());
    boolean asObject = webhook.asObject() && !fault.is(FaultKind.STRING_BODY);
    byte[] body = body(job, callback, asObject, now);
    Map<String, String> headers = headers(webhook, callback);
    if (fault.is(FaultKind.WRONG_EVENT_ID)) {
      headers.put("X-Webhook-Event-ID", new UUID(fault.chance(), ~fault.chance()).toString());
    }
    sign(headers, webhook.webhookSigningSecret(), body);
    return new CallbackMessage(URI.create(webhook.webhookUrl()), headers, body);
  }

  /** The same event with a signature that is not the submitter's. */
  CallbackMessage forged() {
    Map<String, String> forgedHeaders = new LinkedHashMap<>(headers);
    sign(forgedHeaders, FORGERS_SECRET, body);
    return new CallbackMessage(to, forgedHeaders, body);
  }

  private static Map<String, String> headers(Webhook webhook, OwedCallback callback) {
    Map<String, String> headers = new LinkedHashMap<>(webhook.webhookHeaders());
    headers.put("Content-Type", "application/json");
    headers.put("User-Agent", "llamaindex-webhook-service/1.0");
    headers.put("X-Webhook-Event-ID", callback.eventId());
    headers.put("X-Webhook-Event-Type", callback.eventType());
    return headers;
  }

  private static void sign(Map<String, String> headers, @Nullable String secret, byte[] body) {
    if (secret != null) {
      byte[] key = secret.getBytes(StandardCharsets.US_ASCII);
      headers.put("LC-Signature", "sha256=" + Digest.hmac(key, body));
    }
  }

  private static byte[] body(Job job, OwedCallback callback, boolean asObject, Instant now) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event_id", callback.eventId());
    event.put("event_type", callback.eventType());
    event.put("timestamp", seconds(now));
    event.put("data", Map.of("id", job.id(), "job_id", job.id()));
    try {
      String json = Json.MAPPER.writeValueAsString(event);
      return asObject ? json.getBytes(StandardCharsets.UTF_8) : Json.MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event could not be written as JSON", e);
    }
  }

  /** Seconds with microseconds, in plain digits: a double would be written with an exponent. */
  private static BigDecimal seconds(Instant now) {
    return BigDecimal.valueOf(now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000, 6);
  }
}
