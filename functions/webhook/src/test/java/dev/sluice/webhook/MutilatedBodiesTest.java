package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.callback.CallbackKeys;
import dev.sluice.callback.CallbackRefused;
import dev.sluice.callback.MasterKeySource;
import dev.sluice.callback.MasterKeys;
import dev.sluice.fixture.Mutilated;
import io.micronaut.serde.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a body holds, and even rightly signed, it is an event or it is refused. */
class MutilatedBodiesTest {
  private static final long SEED = 20_261_124;
  private static final Instant NOW = Instant.parse("2026-11-24T05:00:00Z");
  private static final String SECRET = "0".repeat(64);
  private static final String BODY =
      """
      {"event_id":"e-1","event_type":"parse.success","timestamp":1795496400.1154444,\
      "data":{"id":"pjb-1","job_id":"pjb-1"}}\
      """;

  private static final BoundedJson JSON = new BoundedJson(ObjectMapper.getDefault(), 2_500_000);
  private static final CallbackKeys KEYS =
      new CallbackKeys(
          MasterKeySource.of(
              MasterKeys.of(Map.of("current", "k1", "k1", WebhookFunction.MASTER_KEY))));

  private final LlamaParseVerifier verifier = new LlamaParseVerifier(ObjectMapper.getDefault());

  @Test
  void everyOneOfAHundredThousandIsAnEventOrARefusal() {
    var bodies = new Mutilated(SEED, BODY);
    int events = 0;
    for (int at = 0; at < 100_000; at++) {
      events += isEvent(bodies.next()) ? 1 : 0;
    }
    assertThat(events).as("bodies that were still events").isBetween(100, 50_000);
  }

  @Test
  void everyOneOfAHundredThousandByOurOwnContractIsAReportOrARefusal() {
    var job = Signed.JOB.job();
    var bodies = new Mutilated(SEED, new Contract(job, KEYS, NOW).body());
    int reports = 0;
    for (int at = 0; at < 100_000; at++) {
      reports += isReport(bodies.next(), job.jobId()) ? 1 : 0;
    }
    assertThat(reports).as("bodies that were still reports").isBetween(1, 50_000);
  }

  @Test
  @Tag("servers")
  void noneOfThemChangesAnythingWhenNobodySignedIt() throws Exception {
    try (var function = new WebhookFunction()) {
      var genuine =
          new Genuine(
              function.insertJob("llamaparse", "k1"), function.keys, Clock.systemUTC().instant());
      assertNothingChanges(function, genuine);
    }
  }

  private static void assertNothingChanges(WebhookFunction function, Genuine genuine)
      throws SQLException {
    var before = function.snapshot();
    var bodies = new Mutilated(SEED, genuine.body());
    var headers = new Mutilated(SEED + 1, genuine.header());
    for (int at = 0; at < 500; at++) {
      var call = genuine.tampered(new String(bodies.next(), StandardCharsets.UTF_8), at % 2 == 0);
      if (at % 4 < 2) {
        call.headers().put(Genuine.HEADER, printable(headers.next()));
      }
      assertThat(function.call(call).getStatusCode()).isEqualTo(401);
    }
    assertThat(function.snapshot()).isEqualTo(before);
    assertThat(function.messages()).isEmpty();
  }

  /** No gateway lets control characters through in a header, nor white space around it. */
  private static String printable(byte[] header) {
    return new String(header, StandardCharsets.ISO_8859_1).replaceAll("[^!-~]", "?");
  }

  private static boolean isReport(byte[] body, UUID job) {
    try {
      var report = ParserReport.of(JSON.read(body), job);
      assertThat(report.artifact().map(Artifact.Inline.class::isInstance))
          .isNotEqualTo(Optional.of(false));
      return true;
    } catch (CallbackRefused refused) {
      assertThat(refused.reason()).matches("[a-z0-9_]+");
      return false;
    }
  }

  private boolean isEvent(byte[] body) {
    var headers =
        Map.of("LC-Signature", "sha256=" + Signed.hmac(SECRET, body), "X-Webhook-Event-ID", "e-1");
    try {
      var event =
          verifier.verify(new Delivery(headers, body, "192.0.2.1"), Signed.JOB, SECRET, NOW);
      assertThat(event.nonce()).isEqualTo("e-1");
      assertThat(event.parseJobId()).matches("[A-Za-z0-9._:-]+");
      return true;
    } catch (CallbackRefused refused) {
      assertThat(refused.reason()).matches("[a-z0-9_]+");
      return false;
    }
  }
}
