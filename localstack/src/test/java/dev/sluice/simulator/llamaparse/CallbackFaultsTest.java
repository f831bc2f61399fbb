package dev.sluice.simulator.llamaparse;

import static dev.sluice.simulator.llamaparse.Client.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.simulator.SetTimer;
import dev.sluice.simulator.fault.FaultKind;
import dev.sluice.simulator.fault.FaultPlan;
import dev.sluice.simulator.fault.FaultRule;
import dev.sluice.simulator.fault.Faults;
import dev.sluice.simulator.fault.Operation;
import dev.sluice.simulator.fault.Parameters;
import dev.sluice.simulator.fault.Selection;
import dev.sluice.simulator.llamaparse.Receiver.Call;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each fault of the parser's callbacks, as their receiver meets it; no time passes by itself. */
@SuppressWarnings("NullAway.Init")
final class CallbackFaultsTest {
  private static final byte[] TEXT = "Some text.".getBytes(StandardCharsets.UTF_8);
  private static final String SECRET = "0123456789abcdef";

  @TempDir private Path state;
  private final SetTimer timer = new SetTimer();
  private final Faults faults = new Faults(timer);
  private LlamaParseSimulator simulator;
  private Client client;
  private Receiver receiver;

  @BeforeEach
  void start() throws Exception {
    simulator =
        LlamaParseSimulator.start(
            LlamaParseOptions.defaults(state).withFaults(faults).withTimer(timer));
    client = new Client(simulator.baseUrl());
    receiver = new Receiver();
  }

  @AfterEach
  void stop() {
    receiver.close();
    client.close();
    simulator.close();
  }

  private void begin(FaultKind kind, Duration latency, Selection when) {
    Parameters how = new Parameters(latency, null, null, null, null);
    faults.begin(FaultPlan.of(5, FaultRule.always(Operation.CALLBACK, kind).with(how).with(when)));
  }

  private void begin(FaultKind kind) {
    begin(kind, Duration.ZERO, Selection.ALWAYS);
  }

  /** The first of the callbacks and no other. */
  private void beginOnce(FaultKind kind, Duration latency) {
    begin(kind, latency, new Selection(1, 1, 0, 1, 0));
  }

  @Test
  void losesOne() throws Exception {
    begin(FaultKind.LOST);
    submitted();
    awaitIdle();

    assertThat(simulator.counters().callbackAttempts()).isZero();
    assertThat(receiver.waiting()).isZero();
  }

  @Test
  void sendsOneLateWithTheTimeItWasSignedAt() throws Exception {
    beginOnce(FaultKind.LATE, Duration.ofMinutes(10));
    String late = submitted();
    assertThat(timer.awaitWaiting()).isEqualTo(Duration.ofMinutes(10));
    String punctual = submitted();
    Call first = receiver.next();
    timer.advance(Duration.ofMinutes(10));
    Call second = receiver.next();

    assertThat(job(first)).isEqualTo(punctual);
    assertThat(job(second)).isEqualTo(late);
    assertThat(event(second).at("/timestamp").decimalValue())
        .isLessThan(event(first).at("/timestamp").decimalValue());
    assertThat(second.header("Lc-signature")).isEqualTo(signature(second));
    awaitIdle();
  }

  @Test
  void sendsOneTwice() throws Exception {
    begin(FaultKind.DOUBLED);
    submitted();
    awaitIdle();

    assertThat(receiver.waiting()).isEqualTo(2);
    assertThat(receiver.next().body()).isEqualTo(receiver.next().body());
  }

  @Test
  void sendsOneAfterTheNext() throws Exception {
    beginOnce(FaultKind.REORDERED, Duration.ZERO);
    String first = submitted();
    assertThat(timer.awaitWaiting()).isEqualTo(Duration.ofSeconds(5));
    String second = submitted();

    assertThat(job(receiver.next())).isEqualTo(second);
    assertThat(job(receiver.next())).isEqualTo(first);
    awaitIdle();
    timer.advance(Duration.ofSeconds(5));
    assertThat(simulator.counters().callbackAttempts()).isEqualTo(2);
  }

  @Test
  void doesNotHoldOneForeverThatNoneFollows() throws Exception {
    beginOnce(FaultKind.REORDERED, Duration.ofSeconds(2));
    String only = submitted();
    assertThat(timer.awaitWaiting()).isEqualTo(Duration.ofSeconds(2));
    timer.advance(Duration.ofSeconds(2));

    assertThat(job(receiver.next())).isEqualTo(only);
    awaitIdle();
  }

  @Test
  void forgesOneBeforeTheGenuine() throws Exception {
    begin(FaultKind.FORGED);
    submitted();
    Call forged = receiver.next();
    Call genuine = receiver.next();

    assertThat(forged.body()).isEqualTo(genuine.body());
    assertThat(forged.header("Lc-signature"))
        .startsWith("sha256=")
        .hasSameSizeAs(genuine.header("Lc-signature"))
        .isNotEqualTo(signature(forged));
    assertThat(genuine.header("Lc-signature")).isEqualTo(signature(genuine));
    awaitIdle();
  }

  @Test
  void replaysAnOldOne() throws Exception {
    begin(FaultKind.REPLAYED, Duration.ZERO, new Selection(1, 1, 1, 0, 0));
    submitted();
    Call old = receiver.next();
    submitted();
    Call next = receiver.next();
    Call replayed = receiver.next();

    assertThat(replayed.body()).isEqualTo(old.body());
    assertThat(replayed.header("Lc-signature")).isEqualTo(old.header("Lc-signature"));
    assertThat(next.body()).isNotEqualTo(old.body());
    awaitIdle();
  }

  @Test
  void namesAnotherEventInTheHeader() throws Exception {
    begin(FaultKind.WRONG_EVENT_ID);
    submitted();
    Call call = receiver.next();

    assertThat(call.header("X-webhook-event-id"))
        .hasSize(36)
        .isNotEqualTo(event(call).at("/event_id").asText());
    assertThat(call.header("Lc-signature")).isEqualTo(signature(call));
  }

  @Test
  void encodesTheBodyAsAString() throws Exception {
    begin(FaultKind.STRING_BODY);
    String id = submitted();
    Call call = receiver.next();
    JsonNode outer = JSON.readTree(call.body());

    assertThat(outer.isTextual()).isTrue();
    assertThat(JSON.readTree(outer.textValue()).at("/data/id").asText()).isEqualTo(id);
    assertThat(call.header("Lc-signature")).isEqualTo(signature(call));
  }

  @Test
  void waitsBetweenItsAttemptsByItsTimer() throws Exception {
    receiver.answering(500, 503, 500);
    submitted();
    assertThat(receiver.next().body()).isNotEmpty();
    assertThat(timer.awaitWaiting()).isEqualTo(Duration.ofSeconds(1));
    timer.advance(Duration.ofSeconds(1));
    assertThat(receiver.next().body()).isNotEmpty();
    assertThat(timer.awaitWaiting()).isEqualTo(Duration.ofSeconds(2));
    timer.advance(Duration.ofSeconds(2));
    awaitIdle();

    assertThat(simulator.counters().callbackAttempts()).isEqualTo(3);
    assertThat(timer.waiting()).isZero();
  }

  @Test
  void stillOwesAfterARestartWhatItHeldBack() throws Exception {
    begin(FaultKind.LATE, Duration.ofHours(1), Selection.ALWAYS);
    String id = submitted();
    assertThat(timer.awaitWaiting()).isEqualTo(Duration.ofHours(1));
    simulator.close();
    timer.advance(Duration.ofHours(1));
    simulator = LlamaParseSimulator.start(LlamaParseOptions.defaults(state));

    assertThat(job(receiver.next())).isEqualTo(id);
    awaitIdle();
    assertThat(receiver.waiting()).isZero();
  }

  private void awaitIdle() {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(simulator::isIdle);
  }

  private String submitted() throws Exception {
    Map<String, Object> hook =
        Map.of(
            "webhook_url",
            receiver.url(),
            "webhook_events",
            List.of("parse.success"),
            "webhook_output_format",
            "json",
            "webhook_signing_secret",
            SECRET);
    return client.uploaded(
        TEXT, "a.txt", Client.configuration("webhook_configurations", List.of(hook)));
  }

  private static JsonNode event(Call call) throws Exception {
    return JSON.readTree(call.body());
  }

  private static String job(Call call) throws Exception {
    return event(call).at("/data/job_id").asText();
  }

  private static String signature(Call call) {
    return "sha256=" + Digest.hmac(SECRET.getBytes(StandardCharsets.US_ASCII), call.body());
  }
}
