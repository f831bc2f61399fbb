package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.sluice.document.Hashes;
import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Another parser's callbacks, signed by the Standard Webhooks library. */
@Tag("servers")
class OwnContractTest {
  private static WebhookFunction function;

  private JobRef job;
  private Contract contract;

  @BeforeAll
  static void start() {
    function = new WebhookFunction();
  }

  @AfterAll
  static void stop() throws IOException {
    function.close();
  }

  @BeforeEach
  void submitAJob() throws SQLException {
    job = function.insertJob("external", "k1");
    contract = new Contract(job, function.keys, Clock.systemUTC().instant());
  }

  @Test
  void storesTheTextAndTellsTheParseStage() throws SQLException {
    assertThat(function.call(contract.call()).getStatusCode()).isEqualTo(202);
    assertThat(function.object(StoragePath.parserResult(job))).isEqualTo(Contract.MARKDOWN);
    assertThat(function.messages())
        .containsExactly(
            """
            {"version":1,"kind":"COLLECT","job":{"user_id":"%s","document_id":"%s","job_id":"%s",\
            "generation":1},"retry_count":3,"correlation_id":"c-1"}\
            """
                .formatted(job.userId(), job.documentId(), job.jobId()));
    assertThat(log()).containsExactly("n-1 parser.complete accepted external true");
  }

  @Test
  void answersARepetitionAndChangesNothing() throws SQLException {
    assertThat(function.call(contract.call()).getStatusCode()).isEqualTo(202);
    assertThat(function.messages()).hasSize(1);
    var before = function.snapshot();
    assertThat(function.call(contract.call()).getStatusCode()).isEqualTo(202);
    assertThat(function.snapshot()).isEqualTo(before);
    assertThat(function.messages()).isEmpty();
  }

  @Test
  void takesOneRightSignatureAmongSeveralAsInARotation() {
    var right = contract.headers().get("webhook-signature");
    var other =
        contract.signature(
            contract.body(), "id", Clock.systemUTC().instant(), "whsec_" + "A".repeat(43) + "=");
    var call = contract.with("webhook-signature", other + " v1a,AAAA " + right);
    assertThat(function.call(call).getStatusCode()).isEqualTo(202);
    assertThat(function.messages()).hasSize(1);
  }

  @Test
  void believesWhatTheLibraryBelieves() throws Exception {
    var call = contract.call();
    var library = new Webhook(contract.secret());
    library.verify(
        call.body(),
        Map.of(
            "webhook-id", List.of(call.headers().get("webhook-id")),
            "webhook-timestamp", List.of(call.headers().get("webhook-timestamp")),
            "webhook-signature", List.of(call.headers().get("webhook-signature"))));
    assertThat(function.call(call).getStatusCode()).isEqualTo(202);
    assertThat(function.messages()).hasSize(1);
  }

  @Test
  void tellsTheParseStageThatTheParserFailed() throws SQLException {
    assertThat(function.call(contract.signed(contract.body("failed", ""))).getStatusCode())
        .isEqualTo(202);
    assertThat(function.messages())
        .singleElement()
        .asString()
        .endsWith("\"correlation_id\":\"c-1\",\"parser_failed\":true}");
    assertThat(function.object(StoragePath.parserResult(job))).isNull();
    assertThat(log()).containsExactly("n-1 parser.failed accepted external true");
  }

  @Test
  void leavesTheTextOfAJobAloneThatHasMovedOn() throws SQLException {
    function.run(
        "update upload_jobs set status = 'cancelled' where job_id = '" + job.jobId() + "'");
    assertThat(function.call(contract.call()).getStatusCode()).isEqualTo(202);
    assertThat(function.object(StoragePath.parserResult(job))).isNull();
    assertThat(function.messages()).hasSize(1);
  }

  @Test
  void asksAgainForATextThatCannotBeFetched() throws SQLException {
    var before = function.snapshot();
    var call = contract.signed(contract.body("complete", contract.linked("https://a.invalid/b")));
    assertThat(function.call(call).getStatusCode()).isEqualTo(503);
    assertThat(function.snapshot()).isEqualTo(before);
    assertThat(function.messages()).isEmpty();
  }

  @Test
  void takesTextsOfTwoMegabytes() {
    var text = "Größe \\\" ".repeat(200_000);
    var markdown = text.replace("\\\"", "\"");
    var artifact =
        "{\"type\":\"markdown\",\"content\":\"%s\",\"sha256\":\"%s\",\"bytes\":%d}"
            .formatted(text, Hashes.ofText(markdown), Genuine.bytes(markdown).length);
    var call = contract.signed(contract.body("complete", artifact));
    assertThat(function.call(call).getStatusCode()).isEqualTo(202);
    assertThat(function.object(StoragePath.parserResult(job))).isEqualTo(markdown);
    assertThat(function.messages()).hasSize(1);
  }

  @Test
  void keepsTheWindowOfFiveMinutes() {
    assertThat(function.call(contract.at(Duration.ofMinutes(-4))).getStatusCode()).isEqualTo(202);
    assertThat(function.messages()).hasSize(1);
  }

  private List<String> log() throws SQLException {
    return function.ask(
        "select nonce || ' ' || event_type || ' ' || outcome || ' ' || source || ' ' ||"
            + " (emitted_at is not null) from webhook_log where job_id = '"
            + job.jobId()
            + "'");
  }
}
