package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.sluice.callback.CallbackHeader;
import dev.sluice.callback.CallbackScheme;
import dev.sluice.document.JobRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deliveries as API Gateway hands them over, one after another to one warm function. */
@Tag("servers")
class WebhookFunctionTest {
  private static WebhookFunction function;

  private final Clock clock = Clock.systemUTC();
  private JobRef job;

  @BeforeAll
  static void start() throws IOException {
    function = new WebhookFunction();
  }

  @AfterAll
  static void stop() throws IOException {
    function.close();
  }

  @BeforeEach
  void submitAJob() throws SQLException {
    job = function.insertJob("llamaparse", "k1");
  }

  @AfterEach
  void leaveNothingOnTheQueue() {
    function.messages();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tellsTheParseStageWhoseResultToFetch(boolean base64) throws SQLException {
    var body = body("e-1", "parse.success");
    assertAccepted(function.post(headers(body, "e-1"), bytes(body), base64));
    assertThat(function.messages())
        .containsExactly(
            """
            {"version":1,"kind":"COLLECT","job":{"user_id":"%s","document_id":"%s","job_id":"%s",\
            "generation":1},"retry_count":3,"correlation_id":"c-1","parse_job_id":"pjb-7"}\
            """
                .formatted(job.userId(), job.documentId(), job.jobId()));
    assertThat(
            log("event_type || ' ' || outcome || ' ' || source || ' ' || (emitted_at is not null)"))
        .isEqualTo("parse.success accepted llamaparse true");
  }

  @Test
  void acceptsABodyThatIsAStringOfJson() {
    var body = "\"" + body("e-1", "parse.success").replace("\"", "\\\"") + "\"";
    assertAccepted(post(body, "e-1"));
    assertThat(function.messages()).hasSize(1);
  }

  @Test
  void sendsOnceForADeliveryThatComesTwice() throws SQLException {
    var body = body("e-1", "parse.success");
    assertAccepted(post(body, "e-1"));
    assertAccepted(post(body, "e-1"));
    assertThat(function.messages()).hasSize(1);
    assertThat(log("count(*)")).isEqualTo("1");
  }

  @Test
  void sendsWithTheDuplicateWhatItsFirstDeliveryCouldNotSend() throws SQLException {
    var body = body("e-1", "parse.success");
    function.deleteQueue();
    var response = post(body, "e-1");
    assertThat(response.getStatusCode()).isEqualTo(503);
    assertThat(response.getBody()).contains("\"code\":\"unavailable\"").doesNotContain("Exception");
    assertThat(log("count(*) filter (where emitted_at is null)")).isEqualTo("1");
    function.createQueue();
    assertAccepted(post(body, "e-1"));
    assertThat(function.messages()).hasSize(1);
    assertThat(log("count(*) filter (where emitted_at is null)")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parse.pending", "parse.running"})
  void notesThatAJobIsUnderWayAndSendsNothing(String event) throws SQLException {
    assertAccepted(post(body("e-1", event), "e-1"));
    assertThat(function.messages()).isEmpty();
    assertThat(log("outcome || ' ' || (emitted_at is not null)")).isEqualTo("noted true");
  }

  @Test
  void countsTheSameEventOfAnotherJobAsAnotherDelivery() throws SQLException {
    assertAccepted(post(body("e-1", "parse.success"), "e-1"));
    submitAJob();
    assertAccepted(post(body("e-1", "parse.success"), "e-1"));
    assertThat(function.messages()).hasSize(2);
  }

  @Test
  void refusesAStranger() throws SQLException {
    var body = body("e-1", "parse.success");
    var headers = headers(body, "e-1");
    headers.remove(CallbackHeader.NAME.toLowerCase(Locale.ROOT));
    assertRefused(function.post(headers, bytes(body), false));
    headers.put("x-sluice-callback", "k1.AAAA.lp.9999999999.salt.mac");
    assertRefused(function.post(headers, bytes(body), false));
  }

  @Test
  void refusesASignatureUnderAnotherSecret() throws SQLException {
    var body = body("e-1", "parse.success");
    var headers = headers(body, "e-1");
    headers.put("lc-signature", "sha256=" + Signed.hmac("0".repeat(64), bytes(body)));
    assertRefused(function.post(headers, bytes(body), false));
  }

  @Test
  void refusesAChangedByteAndAnOldDeliveryAndAnotherEventsId() throws SQLException {
    var body = body("e-1", "parse.success");
    var headers = headers(body, "e-1");
    assertRefused(function.post(headers, bytes(body + " "), false));
    var old = body("e-1", "parse.success", Duration.ofMinutes(-6));
    assertRefused(function.post(headers(old, "e-1"), bytes(old), false));
    assertRefused(function.post(headers(body, "e-2"), bytes(body), false));
  }

  @Test
  void refusesTheHeaderOfAnotherJob() throws SQLException {
    var body = body("e-1", "parse.success");
    var headers = headers(body, "e-1");
    var other = function.insertJob("llamaparse", "k1");
    headers.put("x-sluice-callback", header(other.jobId()));
    assertRefused(function.post(headers, bytes(body), false));
  }

  @Test
  void refusesACallbackForAJobThatExpectsNoneOrIsUnknown() throws SQLException {
    var body = body("e-1", "parse.success");
    var headers = headers(body, "e-1");
    for (var jobId :
        new UUID[] {
          function.insertJob(null, "").jobId(),
          function.insertJob("none", "k1").jobId(),
          function.insertJob("llamaparse", "").jobId(),
          function.insertJob("llamaparse", "k2").jobId(),
          UUID.randomUUID()
        }) {
      headers.put("x-sluice-callback", header(jobId));
      headers.put(
          "lc-signature",
          "sha256="
              + Signed.hmac(
                  function.keys.signingSecret("k1", jobId, WebhookFunction.SALT), bytes(body)));
      assertRefused(function.post(headers, bytes(body), false));
    }
  }

  @Test
  void refusesABodyOverItsCap() throws SQLException {
    var body = body("e-1", "parse.success") + " ".repeat(64 * 1024);
    assertRefused(function.post(headers(body, "e-1"), bytes(body), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "a"
      })
  void givesTheSameAnswerWhateverTheContentTypeClaims(String contentType) throws SQLException {
    var headers = new HashMap<String, String>();
    headers.put("content-type", contentType);
    assertRefused(function.post(headers, new byte[] {(byte) 0xff, 0, '%', 'z'}, true));
    assertRefused(function.post(headers, new byte[0], false));
  }

  private APIGatewayV2HTTPResponse post(String body, String eventId) {
    return function.post(headers(body, eventId), bytes(body), false);
  }

  /** API Gateway writes header names in lower case. */
  private Map<String, String> headers(String body, String eventId) {
    var secret = function.keys.signingSecret("k1", job.jobId(), WebhookFunction.SALT);
    var headers = new HashMap<String, String>();
    headers.put("content-type", "application/json");
    headers.put("user-agent", "llamaindex-webhook-service/1.0");
    headers.put("x-webhook-event-id", eventId);
    headers.put("lc-signature", "sha256=" + Signed.hmac(secret, bytes(body)));
    headers.put(CallbackHeader.NAME.toLowerCase(Locale.ROOT), header(job.jobId()));
    return headers;
  }

  private String header(UUID jobId) {
    return function.keys.header(
        jobId, CallbackScheme.LLAMAPARSE, clock.instant().plus(Duration.ofHours(1)));
  }

  private String body(String eventId, String event) {
    return body(eventId, event, Duration.ZERO);
  }

  private String body(String eventId, String event, Duration shift) {
    return """
    {"event_id":"%s","event_type":"%s","timestamp":%d.5,"data":{"id":"pjb-7","job_id":"pjb-7"}}\
    """
        .formatted(eventId, event, clock.instant().plus(shift).getEpochSecond());
  }

  private String log(String what) throws SQLException {
    return function
        .ask("select " + what + " from webhook_log where job_id = '" + job.jobId() + "'")
        .getFirst();
  }

  private static void assertAccepted(APIGatewayV2HTTPResponse response) {
    assertThat(response.getStatusCode()).isEqualTo(202);
    assertThat(response.getBody()).isEqualTo("{}");
  }

  private void assertRefused(APIGatewayV2HTTPResponse response) throws SQLException {
    assertThat(response.getStatusCode()).isEqualTo(401);
    assertThat(response.getBody())
        .isEqualTo(
            """
            {"type":"about:blank","title":"Unauthorized","status":401,\
            "detail":"The callback was not accepted.","code":"callback_refused"}\
            """);
    assertThat(response.getHeaders().get("Content-Type")).isEqualTo("application/problem+json");
    assertThat(log("count(*)")).isEqualTo("0");
    assertThat(function.messages()).isEmpty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
