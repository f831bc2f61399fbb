package dev.sluice.webhook;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Deliveries as the parser signs them. */
final class Signed {
  /** Whose callbacks they are. */
  static final CallbackJob JOB =
      new CallbackJob(
          JobRef.of(new UUID(1, 1), new UUID(1, 2), 1),
          "llamaparse",
          "k1",
          "",
          0,
          "c-1",
          JobStatus.PARSE_QUEUED);

  private Signed() {}

  static Delivery delivery(String body, String eventId, String secret) {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    return new Delivery(
        Map.of("LC-Signature", "sha256=" + hmac(secret, bytes), "X-Webhook-Event-ID", eventId),
        bytes,
        "192.0.2.1");
  }

  static String hmac(String secret, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
