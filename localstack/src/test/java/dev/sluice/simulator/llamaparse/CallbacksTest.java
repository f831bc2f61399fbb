package dev.sluice.simulator.llamaparse;

import static dev.sluice.simulator.llamaparse.Client.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.simulator.llamaparse.Receiver.Call;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
final class CallbacksTest {
  private static final byte[] TEXT = "Some text.".getBytes(StandardCharsets.UTF_8);
  private static final String SECRET = "0123456789abcdef";

  @TempDir private Path state;
  private LlamaParseSimulator simulator;
  private Client client;
  private Receiver receiver;

  @BeforeEach
  void start() throws Exception {
    simulator = LlamaParseSimulator.start(options());
    client = new Client(simulator.baseUrl());
    receiver = new Receiver();
  }

  private LlamaParseOptions options() {
    return LlamaParseOptions.defaults(state)
        .withCallbackWaits(List.of(Duration.ofMillis(10), Duration.ofMillis(20)));
  }

  @AfterEach
  void stop() {
    receiver.close();
    client.close();
    simulator.close();
  }

  @Test
  void sendsIdsOnlySignedOverTheRawBodyWithTheSubmittersHeaders() throws Exception {
    String id = client.uploaded(TEXT, "a.txt", hook("json", SECRET, "parse.success"));
    Call call = receiver.next();
    JsonNode event = JSON.readTree(call.body());

    assertThat(event.at("/event_type").asText()).isEqualTo("parse.success");
    assertThat(event.at("/data").toString())
        .isIn(
            "{\"id\":\"%s\",\"job_id\":\"%s\"}".formatted(id, id),
            "{\"job_id\":\"%s\",\"id\":\"%s\"}".formatted(id, id));
    assertThat(event.fieldNames())
        .toIterable()
        .containsExactly("event_id", "event_type", "timestamp", "data");
    assertThat(new String(call.body(), StandardCharsets.UTF_8))
        .containsPattern("\"timestamp\":\\d{10}\\.\\d{6}");
    assertThat(call.header("X-webhook-event-id")).isEqualTo(event.at("/event_id").asText());
    assertThat(call.header("X-webhook-event-type")).isEqualTo("parse.success");
    assertThat(call.header("User-agent")).isEqualTo("llamaindex-webhook-service/1.0");
    assertThat(call.header("X-sluice-route")).isEqualTo("k1.job");
    assertThat(call.header("Lc-signature")).isEqualTo("sha256=" + hmac(call.body()));
  }

  @Test
  void encodesTheBodyAsAStringUnlessAskedForAnObject() throws Exception {
    client.uploaded(TEXT, "a.txt", hook(null, SECRET, "parse.success"));
    Call call = receiver.next();
    JsonNode outer = JSON.readTree(call.body());

    assertThat(outer.isTextual()).isTrue();
    assertThat(JSON.readTree(outer.textValue()).at("/event_type").asText())
        .isEqualTo("parse.success");
    assertThat(call.header("Lc-signature")).isEqualTo("sha256=" + hmac(call.body()));
  }

  @Test
  void tellsEveryStepWhenNoEventIsChosen() throws Exception {
    client.uploaded(TEXT, "a.txt", hook("json", null));
    List<String> events =
        List.of(type(receiver.next()), type(receiver.next()), type(receiver.next()));

    assertThat(events).containsExactlyInAnyOrder("parse.pending", "parse.running", "parse.success");
  }

  @Test
  void doesNotSignWithoutASecret() throws Exception {
    client.uploaded(TEXT, "a.txt", hook("json", null, "parse.success"));

    assertThat(receiver.next().headers()).doesNotContainKey("Lc-signature");
  }

  @Test
  void tellsOfAFailure() throws Exception {
    client.uploaded(new byte[0], "a.pdf", hook("json", null, "parse.error", "parse.success"));

    assertThat(type(receiver.next())).isEqualTo("parse.error");
  }

  @Test
  void repeatsTheSameEventUntilItIsTaken() throws Exception {
    receiver.answering(500, 302);
    client.uploaded(TEXT, "a.txt", hook("json", SECRET, "parse.success"));
    Call first = receiver.next();
    Call second = receiver.next();
    Call third = receiver.next();

    assertThat(second.body()).isEqualTo(first.body());
    assertThat(third.body()).isEqualTo(first.body());
    assertNothingIsOwed();
  }

  @Test
  void givesUpAfterThreeAttempts() throws Exception {
    receiver.answering(500, 500, 500);
    String id = client.uploaded(TEXT, "a.txt", hook("json", null, "parse.success"));
    assertNothingIsOwed();

    assertThat(simulator.counters().callbackAttempts()).isEqualTo(3);
    assertThat(client.job(id, "").at("/job/status").asText()).isEqualTo("COMPLETED");
  }

  @Test
  void dropsACallbackThatHasNoValidAddress() throws Exception {
    Map<String, Object> configuration =
        Client.configuration(
            "webhook_configurations",
            List.of(Map.of("webhook_url", "http://", "webhook_events", List.of())));

    assertThat(client.upload(TEXT, "a.txt", configuration).statusCode()).isEqualTo(422);
  }

  @Test
  void deliversAfterARestartWhatItOwedBefore() throws Exception {
    Receiver gone = new Receiver();
    simulator.close();
    simulator =
        LlamaParseSimulator.start(options().withCallbackWaits(List.of(Duration.ofMinutes(5))));
    client.moveTo(simulator.baseUrl());
    gone.answering(503);
    client.uploaded(TEXT, "a.txt", hookTo(gone.url(), "json", null, "parse.success"));
    Call before = gone.next();
    simulator.close();
    simulator = LlamaParseSimulator.start(options());
    Call after = gone.next();
    gone.close();

    assertThat(after.header("X-webhook-event-id")).isEqualTo(before.header("X-webhook-event-id"));
    assertNothingIsOwed();
  }

  private void assertNothingIsOwed() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> {
              JobStore jobs = new JobStore(state, Clock.systemUTC(), Duration.ofHours(48));
              assertThat(jobs.newestFirst())
                  .isNotEmpty()
                  .allMatch(job -> job.status().isFinal() && job.owed().isEmpty());
            });
  }

  private static String type(Call call) throws Exception {
    return JSON.readTree(call.body()).at("/event_type").asText();
  }

  private Map<String, Object> hook(String format, String secret, String... events) {
    return hookTo(receiver.url(), format, secret, events);
  }

  private static Map<String, Object> hookTo(
      String url, String format, String secret, String... events) {
    Map<String, Object> webhook = new HashMap<>();
    webhook.put("webhook_url", url);
    webhook.put("webhook_events", List.of(events));
    webhook.put("webhook_headers", Map.of("X-Sluice-Route", "k1.job"));
    webhook.put("webhook_output_format", format);
    webhook.put("webhook_signing_secret", secret);
    return Client.configuration("webhook_configurations", List.of(webhook));
  }

  private static String hmac(byte[] body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body));
  }
}
