package dev.sluice.webhook;

import dev.sluice.callback.CallbackRefused;
import dev.sluice.callback.CallbackScheme;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * LlamaParse's signature: {@code LC-Signature: sha256=<hex HMAC-SHA256 of the raw body>} under the
 * secret as ASCII text. Time and event id stand inside the signed body.
 */
@Singleton
final class LlamaParseVerifier implements DeliveryVerifier {
  private static final String HMAC = "HmacSHA256";
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  /** Ids only, a few hundred bytes. */
  private static final int LARGEST_BODY = 64 * 1024;

  /** Both ids go into rows, and the parser's into an address: no control characters, no slashes. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,199}");

  /** The older service says {@code parse.done}. */
  private static final Set<String> ENDED =
      Set.of(
          "parse.success", "parse.error", "parse.partial_success", "parse.cancelled", "parse.done");

  private static final Set<String> UNDER_WAY = Set.of("parse.pending", "parse.running");

  private final BoundedJson json;

  LlamaParseVerifier(ObjectMapper json) {
    this.json = new BoundedJson(json, LARGEST_BODY);
  }

  @Override
  public String parserName() {
    return "llamaparse";
  }

  @Override
  public CallbackScheme scheme() {
    return CallbackScheme.LLAMAPARSE;
  }

  @Override
  public int largestBody() {
    return LARGEST_BODY;
  }

  @Override
  public VerifiedDelivery verify(Delivery delivery, CallbackJob job, String secret, Instant now) {
    checkSignature(delivery, secret);
    var event = read(delivery.body());
    checkTime(event.timestamp(), now);
    var eventId = id(event.eventId(), "event_id_malformed");
    if (!eventId.equals(delivery.single("X-Webhook-Event-ID"))) {
      throw new CallbackRefused("event_id_differs");
    }
    var type = event.eventType();
    if (type == null || !(ENDED.contains(type) || UNDER_WAY.contains(type))) {
      throw new CallbackRefused("event_type_unknown");
    }
    var parseJobId = id(event.parseJobId(), "parse_job_id_malformed");
    return new VerifiedDelivery(eventId, type, parseJobId, ENDED.contains(type), Optional.empty());
  }

  private static void checkSignature(Delivery delivery, String secret) {
    var expected = "sha256=" + hmac(secret, delivery.body());
    var given = delivery.single("LC-Signature").toLowerCase(Locale.ROOT);
    if (!MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8))) {
      throw new CallbackRefused(given.isEmpty() ? "signature_missing" : "signature_wrong");
    }
  }

  /** The body is an object or, with the service's default output format, an object in a string. */
  private LlamaParseEvent read(byte[] body) {
    var node = json.read(body);
    return LlamaParseEvent.of(node.isString() ? json.read(node.getStringValue()) : node);
  }

  private static void checkTime(@Nullable Double timestamp, Instant now) {
    if (timestamp == null || !Double.isFinite(timestamp)) {
      throw new CallbackRefused("timestamp_malformed");
    }
    var away = Math.abs(now.toEpochMilli() / 1000.0 - timestamp);
    if (away > TOLERANCE.toSeconds()) {
      throw new CallbackRefused("timestamp_outside_window");
    }
  }

  private static String id(@Nullable String id, String refusal) {
    if (id == null || !ID.matcher(id).matches()) {
      throw new CallbackRefused(refusal);
    }
    return id;
  }

  private static String hmac(String secret, byte[] body) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), HMAC));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }
}
