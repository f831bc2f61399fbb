package dev.sluice.webhook;

import dev.sluice.callback.CallbackRefused;
import dev.sluice.callback.CallbackScheme;
import dev.sluice.callback.StandardSecret;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Our own contract, for any other parser: Standard Webhooks. {@code webhook-signature} holds one or
 * more {@code v1,<base64 HMAC-SHA256(id.timestamp.body)>}, separated by spaces, of which one must
 * be right; {@code webhook-id} is {@code job.kid.nonce}.
 */
@Singleton
final class StandardWebhooksVerifier implements DeliveryVerifier {
  private static final String HMAC = "HmacSHA256";
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  /** Text inside JSON inside the event's JSON may double twice, and Lambda takes 6 MB. */
  private static final int LARGEST_BODY = 2_500_000;

  /** Two during a rotation; more would only be work. */
  private static final int MOST_SIGNATURES = 8;

  private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{1,100}");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

  private final BoundedJson json;

  StandardWebhooksVerifier(ObjectMapper json) {
    this.json = new BoundedJson(json, LARGEST_BODY);
  }

  @Override
  public String parserName() {
    return "external";
  }

  @Override
  public CallbackScheme scheme() {
    return CallbackScheme.STANDARD_WEBHOOKS;
  }

  @Override
  public int largestBody() {
    return LARGEST_BODY;
  }

  @Override
  public VerifiedDelivery verify(Delivery delivery, CallbackJob job, String secret, Instant now) {
    checkSignature(delivery, StandardSecret.key(secret));
    checkTime(delivery.single("webhook-timestamp"), now);
    var nonce = nonce(delivery.single("webhook-id"), job);
    var report = ParserReport.of(json.read(delivery.body()), job.job().jobId());
    return new VerifiedDelivery(
        nonce,
        report.artifact().isPresent() ? "parser.complete" : "parser.failed",
        null,
        true,
        report.artifact());
  }

  private static void checkSignature(Delivery delivery, byte[] key) {
    var given = delivery.header("webhook-signature");
    if (given.isEmpty()) {
      throw new CallbackRefused("signature_missing");
    }
    var expected = "v1," + Base64.getEncoder().encodeToString(mac(delivery, key));
    var signatures = given.split(" ", MOST_SIGNATURES + 1);
    if (signatures.length > MOST_SIGNATURES
        || Arrays.stream(signatures).noneMatch(signature -> same(expected, signature))) {
      throw new CallbackRefused("signature_wrong");
    }
  }

  private static byte[] mac(Delivery delivery, byte[] key) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      mac.update(bytes(delivery.single("webhook-id") + "."));
      mac.update(bytes(delivery.single("webhook-timestamp") + "."));
      return mac.doFinal(delivery.body());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }

  private static void checkTime(String timestamp, Instant now) {
    if (!SECONDS.matcher(timestamp).matches()) {
      throw new CallbackRefused("timestamp_malformed");
    }
    if (Math.abs(now.getEpochSecond() - Long.parseLong(timestamp)) > TOLERANCE.toSeconds()) {
      throw new CallbackRefused("timestamp_outside_window");
    }
  }

  private static String nonce(String id, CallbackJob job) {
    var ours = job.job().jobId() + "." + job.keyId() + ".";
    if (!id.startsWith(ours)) {
      throw new CallbackRefused("event_id_differs");
    }
    var nonce = id.substring(ours.length());
    if (!NONCE.matcher(nonce).matches()) {
      throw new CallbackRefused("event_id_malformed");
    }
    return nonce;
  }

  private static boolean same(String expected, String given) {
    return MessageDigest.isEqual(bytes(expected), bytes(given));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
