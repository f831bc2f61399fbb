package dev.sluice.webhook;

import dev.sluice.callback.CallbackHeader;
import dev.sluice.callback.CallbackKeys;
import dev.sluice.callback.CallbackScheme;
import dev.sluice.document.JobRef;
import dev.sluice.webhook.WebhookFunction.Call;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** What LlamaParse would send for a job, and its variations. */
final class Genuine {
  static final String HEADER = CallbackHeader.NAME.toLowerCase(Locale.ROOT);
  static final String SIGNATURE = "lc-signature";

  final JobRef job;
  final CallbackKeys keys;
  final Instant now;

  Genuine(JobRef job, CallbackKeys keys, Instant now) {
    this.job = job;
    this.keys = keys;
    this.now = now;
  }

  String body() {
    return body(Duration.ZERO);
  }

  String body(Duration shift) {
    return """
    {"event_id":"e-1","event_type":"parse.success","timestamp":%d.5,"data":{"id":"pjb-7","job_id":"pjb-7"}}\
    """
        .formatted(now.plus(shift).getEpochSecond());
  }

  /** The header that the parser was given. */
  String header() {
    return header(job.jobId());
  }

  String header(UUID jobId) {
    return keys.header(jobId, CallbackScheme.LLAMAPARSE, now.plus(Duration.ofHours(1)));
  }

  String expiredHeader() {
    return keys.header(job.jobId(), CallbackScheme.LLAMAPARSE, now.minusSeconds(1));
  }

  String secret() {
    return secret(job.jobId());
  }

  String secret(UUID jobId) {
    return keys.signingSecret("k1", jobId, WebhookFunction.SALT);
  }

  /** Everything as it should be. */
  Call call() {
    return signed(body());
  }

  /** Another body, rightly signed: the attacker is the parser. */
  Call signed(String body) {
    return new Call(headers(bytes(body)), body, false, "192.0.2.1");
  }

  /** As {@link #signed(String)}, of bytes that need not be text. */
  Call signed(byte[] body) {
    return new Call(headers(body), Base64.getEncoder().encodeToString(body), true, "192.0.2.1");
  }

  /** Everything as it should be but one header. */
  Call with(String name, String value) {
    var headers = headers(bytes(body()));
    headers.put(name, value);
    return new Call(headers, body(), false, "192.0.2.1");
  }

  /** Everything as it should be but for one header that is not there. */
  Call without(String name) {
    var headers = headers(bytes(body()));
    headers.remove(name);
    return new Call(headers, body(), false, "192.0.2.1");
  }

  /** The genuine headers with another body than they were made for. */
  Call tampered(String body, boolean base64) {
    return new Call(headers(bytes(body())), body, base64, "192.0.2.1");
  }

  /** Signed with something else than the secret. */
  Call signedWith(String secret) {
    return with(SIGNATURE, "sha256=" + Signed.hmac(secret, bytes(body())));
  }

  /** For another job, whose own header and secret are used. */
  Call ofJob(UUID jobId) {
    var headers = headers(bytes(body()));
    headers.put(HEADER, header(jobId));
    headers.put(SIGNATURE, "sha256=" + Signed.hmac(secret(jobId), bytes(body())));
    return new Call(headers, body(), false, "192.0.2.1");
  }

  private Map<String, String> headers(byte[] body) {
    var headers = new HashMap<String, String>();
    headers.put("content-type", "application/json");
    headers.put("user-agent", "llamaindex-webhook-service/1.0");
    headers.put("x-webhook-event-id", "e-1");
    headers.put(SIGNATURE, "sha256=" + Signed.hmac(secret(), body));
    headers.put(HEADER, header());
    return headers;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
