package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.callback.CallbackRefused;
import dev.sluice.callback.CallbackScheme;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaParseVerifierTest {
  private static final String SECRET =
      "a20d8a51854b01714093bdb502481486754368285e5ec555d4587b2b8fc4abea";
  private static final String SOURCE = "192.0.2.1";
  private static final Instant NOW = Instant.parse("2026-11-24T05:00:00Z");
  private static final String BODY =
      """
      {"event_id":"e-1","event_type":"parse.success","timestamp":1795496400.1154444,\
      "data":{"id":"pjb-1","job_id":"pjb-1"}}\
      """;

  /** Made with Python's hmac module, not with the code under test. */
  private static final String SIGNATURE_OF_BODY =
      "sha256=78ed94c4de9204d396096945fef7a1976585c3107b301aa55fe6bc184f79aa20";

  private final LlamaParseVerifier verifier = new LlamaParseVerifier(ObjectMapper.getDefault());

  @Test
  void believesADeliveryThatAnotherImplementationSigned() {
    var delivery =
        new Delivery(
            Map.of("LC-Signature", SIGNATURE_OF_BODY, "X-Webhook-Event-ID", "e-1"),
            bytes(BODY),
            SOURCE);
    assertThat(verifier.verify(delivery, Signed.JOB, SECRET, NOW))
        .isEqualTo(new VerifiedDelivery("e-1", "parse.success", "pjb-1", true, Optional.empty()));
  }

  @Test
  void checksJobsOfLlamaParseByItsOwnScheme() {
    assertThat(verifier.parserName()).isEqualTo("llamaparse");
    assertThat(verifier.scheme()).isEqualTo(CallbackScheme.LLAMAPARSE);
  }

  @Test
  void readsABodyThatIsAStringOfJson() throws IOException {
    var encoded = ObjectMapper.getDefault().writeValueAsString(BODY);
    assertThat(encoded).startsWith("\"{");
    assertThat(verify(encoded, "e-1").parseJobId()).isEqualTo("pjb-1");
  }

  @ParameterizedTest
  @CsvSource({
    "parse.success, true",
    "parse.error, true",
    "parse.partial_success, true",
    "parse.cancelled, true",
    "parse.done, true",
    "parse.pending, false",
    "parse.running, false"
  })
  void knowsWhichEventsEndAJob(String event, boolean ended) {
    assertThat(verify(BODY.replace("parse.success", event), "e-1").ended()).isEqualTo(ended);
  }

  @Test
  void takesTheJobsIdUnderEitherName() {
    assertThat(verify(BODY.replace(",\"job_id\":\"pjb-1\"", ""), "e-1").parseJobId())
        .isEqualTo("pjb-1");
    assertThat(verify(BODY.replace("\"id\":\"pjb-1\",", ""), "e-1").parseJobId())
        .isEqualTo("pjb-1");
  }

  @Test
  void toleratesFieldsThatItDoesNotKnow() {
    assertThat(
            verify(BODY.replace("{\"id\"", "{\"usage\":{\"pages\":[1,2.5,null]},\"id\""), "e-1")
                .parseJobId())
        .isEqualTo("pjb-1");
  }

  @Test
  void acceptsAnUpperCaseSignature() {
    var signature = "SHA256=" + Signed.hmac(SECRET, bytes(BODY)).toUpperCase(java.util.Locale.ROOT);
    var delivery =
        new Delivery(
            Map.of("lc-signature", signature, "x-webhook-event-id", "e-1"), bytes(BODY), SOURCE);
    assertThat(verifier.verify(delivery, Signed.JOB, SECRET, NOW).nonce()).isEqualTo("e-1");
  }

  @Test
  void refusesASingleChangedByte() {
    for (int at = 0; at < bytes(BODY).length; at++) {
      var changed = bytes(BODY);
      changed[at] ^= 1;
      var delivery =
          new Delivery(
              Map.of("LC-Signature", SIGNATURE_OF_BODY, "X-Webhook-Event-ID", "e-1"),
              changed,
              SOURCE);
      assertRefused(delivery, SECRET, NOW, "signature_wrong");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256=", "sha256=00", "00", "sha1=00", " ", "sha256=é"})
  void refusesASignatureThatIsNone(String signature) {
    assertRefused(
        new Delivery(
            Map.of("LC-Signature", signature, "X-Webhook-Event-ID", "e-1"), bytes(BODY), SOURCE),
        SECRET,
        NOW,
        "signature_wrong");
  }

  @Test
  void refusesADeliveryWithoutSignatureOrUnderAnotherJobsSecret() {
    assertRefused(
        new Delivery(Map.of("X-Webhook-Event-ID", "e-1"), bytes(BODY), SOURCE),
        SECRET,
        NOW,
        "signature_missing");
    assertRefused(Signed.delivery(BODY, "e-1", SECRET), "0".repeat(64), NOW, "signature_wrong");
  }

  @ParameterizedTest
  @CsvSource({"-301, timestamp_outside_window", "301, timestamp_outside_window", "-299, ", "299, "})
  void keepsAWindowOfFiveMinutesOnEitherSide(long seconds, String reason) {
    var delivery = Signed.delivery(BODY, "e-1", SECRET);
    var now = NOW.plusSeconds(seconds);
    if (reason == null) {
      assertThat(verifier.verify(delivery, Signed.JOB, SECRET, now).nonce()).isEqualTo("e-1");
    } else {
      assertRefused(delivery, SECRET, now, reason);
    }
  }

  @Test
  void refusesADeliveryWhoseHeaderNamesAnotherEvent() {
    assertRefused(Signed.delivery(BODY, "e-2", SECRET), SECRET, NOW, "event_id_differs");
    assertRefused(
        new Delivery(Map.of("LC-Signature", SIGNATURE_OF_BODY), bytes(BODY), SOURCE),
        SECRET,
        NOW,
        "event_id_differs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"event_id\":\"e-1\",|''|event_id_malformed",
        "\"event_id\":\"e-1\"|\"event_id\":\" \"|event_id_malformed",
        "parse.success|extract.success|event_type_unknown",
        "\"event_type\":\"parse.success\",|''|event_type_unknown",
        "\"timestamp\":1795496400.1154444,|''|timestamp_malformed",
        "1795496400.1154444|1e999|timestamp_malformed",
        "1795496400.1154444|\"soon\"|body_malformed",
        "{\"id\":\"pjb-1\",\"job_id\":\"pjb-1\"}|{}|parse_job_id_malformed",
        "{\"id\":\"pjb-1\",\"job_id\":\"pjb-1\"}|null|parse_job_id_malformed",
        "{\"id\":\"pjb-1\",\"job_id\":\"pjb-1\"}|[1]|body_malformed",
        "\"event_id\":\"e-1\"|\"event_id\":\"e-1\\u0000\"|event_id_malformed",
        "\"event_id\":\"e-1\"|\"event_id\":1|body_malformed",
        "\"event_id\":\"e-1\"|\"event_id\":\"e-1\",\"event_id\":\"e-1\"|body_malformed",
        "\"job_id\":\"pjb-1\"|\"job_id\":\"../pjb-1\"|parse_job_id_malformed",
        "\"job_id\":\"pjb-1\"|\"job_id\":\"pjb-1\",\"a\":[[[[[[[1]]]]]]]|body_out_of_bounds"
      })
  void refusesASignedBodyThatLacksSomething(String part, String other, String reason) {
    var body = BODY.replace(part, other);
    assertThat(body).isNotEqualTo(BODY);
    assertRefused(Signed.delivery(body, "e-1", SECRET), SECRET, NOW, reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "12", "{", "\"\"", "\"not json\"", "\"\\\"twice\\\"\""})
  void refusesASignedBodyThatIsNoEvent(String body) {
    assertThatExceptionOfType(CallbackRefused.class)
        .isThrownBy(() -> verify(body, "e-1"))
        .satisfies(refused -> assertThat(refused.reason()).matches("(body|timestamp)_malformed"));
  }

  @Test
  void refusesASignedBodyThatIsNotUtf8() {
    var body = bytes(BODY);
    body[body.length - 5] = (byte) 0xff;
    var headers =
        Map.of("LC-Signature", "sha256=" + Signed.hmac(SECRET, body), "X-Webhook-Event-ID", "e-1");
    assertRefused(new Delivery(headers, body, SOURCE), SECRET, NOW, "body_not_utf8");
  }

  private VerifiedDelivery verify(String body, String eventId) {
    return verifier.verify(Signed.delivery(body, eventId, SECRET), Signed.JOB, SECRET, NOW);
  }

  private void assertRefused(Delivery delivery, String secret, Instant now, String reason) {
    assertThatExceptionOfType(CallbackRefused.class)
        .isThrownBy(() -> verifier.verify(delivery, Signed.JOB, secret, now))
        .satisfies(refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
