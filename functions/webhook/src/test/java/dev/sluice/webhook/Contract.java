package dev.sluice.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import dev.sluice.callback.CallbackKeys;
import dev.sluice.callback.CallbackScheme;
import dev.sluice.callback.StandardSecret;
import dev.sluice.document.Hashes;
import dev.sluice.document.JobRef;
import dev.sluice.webhook.WebhookFunction.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What another parser would send for a job, by our own contract, and its variations. The Standard
 * Webhooks library signs, which knows nothing of our code.
 */
final class Contract {
  static final String MARKDOWN = "# Räumung\n\nBinnen \"zwei\" Wochen.\n";

  final JobRef job;
  private final CallbackKeys keys;
  final Instant now;

  Contract(JobRef job, CallbackKeys keys, Instant now) {
    this.job = job;
    this.keys = keys;
    this.now = now;
  }

  String body() {
    return body("complete", inline());
  }

  String body(String status, String artifacts) {
    return """
    {"job_id":"%s","status":"%s","artifacts":[%s],"meta":{"parser_name":"docling","parser_version":"2.1"}}\
    """
        .formatted(job.jobId(), status, artifacts);
  }

  String inline() {
    return artifact("\"content\":\"" + MARKDOWN.replace("\n", "\\n").replace("\"", "\\\"") + "\"");
  }

  /** The text at an address. */
  String linked(String url) {
    return artifact("\"url\":\"" + url + "\"");
  }

  private static String artifact(String where) {
    var bytes = Genuine.bytes(MARKDOWN);
    return """
    {"type":"markdown",%s,"sha256":"%s","bytes":%d}\
    """
        .formatted(where, Hashes.ofBytes(bytes), bytes.length);
  }

  Call call() {
    return signed(body());
  }

  Call signed(String body) {
    return signed(body, id("n-1"), now, secret());
  }

  Call signed(String body, String id, Instant at, String secret) {
    var headers = new HashMap<String, String>();
    headers.put("content-type", "application/json");
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", Long.toString(at.getEpochSecond()));
    headers.put("webhook-signature", signature(body, id, at, secret));
    headers.put(Genuine.HEADER, header(CallbackScheme.STANDARD_WEBHOOKS));
    return new Call(headers, body, false, "192.0.2.1");
  }

  Call with(String name, String value) {
    var call = call();
    call.headers().put(name, value);
    return call;
  }

  Call at(Duration shift) {
    return signed(body(), id("n-1"), now.plus(shift), secret());
  }

  /** As the library makes it. */
  String signature(String body, String id, Instant at, String secret) {
    try {
      return new Webhook(secret).sign(id, at.getEpochSecond(), body);
    } catch (WebhookSigningException e) {
      throw new AssertionError(e);
    }
  }

  String header(CallbackScheme scheme) {
    return keys.header(job.jobId(), scheme, now.plus(Duration.ofHours(1)));
  }

  String id(String nonce) {
    return job.jobId() + ".k1." + nonce;
  }

  String secret() {
    return StandardSecret.of(keys.signingSecret("k1", job.jobId(), WebhookFunction.SALT));
  }

  Map<String, String> headers() {
    return call().headers();
  }
}
