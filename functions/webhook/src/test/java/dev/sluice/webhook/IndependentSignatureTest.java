package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.callback.CallbackRefused;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LlamaParse's signature as {@code openssl dgst} makes it, which knows nothing of our code. */
class IndependentSignatureTest {
  private static final Instant NOW = Instant.parse("2026-11-24T05:00:00Z");

  private final LlamaParseVerifier verifier = new LlamaParseVerifier(ObjectMapper.getDefault());
  private final Random random = new Random(20_261_124);

  @Test
  void believesWhatOpensslSignedAndNothingElse(@TempDir Path folder) throws Exception {
    for (int at = 0; at < 20; at++) {
      var secret = secret();
      var body = body("e-" + at);
      var signature = openssl(folder, secret, body);
      assertThat(verify(body, signature, "e-" + at, secret)).isEqualTo("believed");
      assertThat(verify(body + " ", signature, "e-" + at, secret)).isEqualTo("signature_wrong");
      assertThat(verify(body, signature, "e-" + at, secret())).isEqualTo("signature_wrong");
      assertThat(verify(body, openssl(folder, secret(), body), "e-" + at, secret))
          .isEqualTo("signature_wrong");
    }
  }

  private String verify(String body, String signature, String eventId, String secret) {
    var delivery =
        new Delivery(
            Map.of("LC-Signature", "sha256=" + signature, "X-Webhook-Event-ID", eventId),
            body.getBytes(StandardCharsets.UTF_8),
            "192.0.2.1");
    try {
      assertThat(verifier.verify(delivery, Signed.JOB, secret, NOW).nonce()).isEqualTo(eventId);
      return "believed";
    } catch (CallbackRefused refused) {
      return refused.reason();
    }
  }

  /** Prints {@code HMAC-SHA2-256(FILE)= <hex>}. */
  private static String openssl(Path folder, String secret, String body)
      throws IOException, InterruptedException {
    var file = Files.writeString(folder.resolve("body"), body);
    var process =
        new ProcessBuilder("openssl", "dgst", "-sha256", "-hmac", secret, file.toString())
            .redirectErrorStream(true)
            .start();
    var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed.strip().substring(printed.lastIndexOf(' ') + 1);
  }

  private String body(String eventId) {
    return """
    {"event_id":"%s","event_type":"parse.success","timestamp":1795496400.25,\
    "data":{"id":"pjb-ü%d","job_id":"pjb-%d"}}\
    """
        .formatted(eventId, random.nextInt(), random.nextInt(1_000_000));
  }

  private String secret() {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
