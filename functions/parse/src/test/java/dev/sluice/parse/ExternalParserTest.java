package dev.sluice.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.callback.CallbackHeader;
import dev.sluice.callback.CallbackKeys;
import dev.sluice.callback.CallbackScheme;
import dev.sluice.callback.MasterKeySource;
import dev.sluice.callback.MasterKeys;
import dev.sluice.callback.StandardSecret;
import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.message.ParseMessage;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that go to a parser of one's own, by our own contract. */
@Tag("servers")
class ExternalParserTest {
  private static ParseFunction function;

  private JobRef job;

  @BeforeAll
  static void start() throws IOException {
    function = new ParseFunction();
    function.restart("PARSER", "external");
  }

  @AfterAll
  static void stop() throws Exception {
    function.restart("PARSER", "llamaparse");
    function.close();
  }

  @BeforeEach
  void upload() throws Exception {
    function.parser.reset();
    function.parser.onExternal(202);
    function.sent();
    var document = UUID.randomUUID();
    var bytes = ("%PDF " + document).getBytes(StandardCharsets.UTF_8);
    job = function.upload(ParseFunction.USER, document, 1, "application/pdf", bytes);
  }

  @Test
  void givesTheParserAllThatItNeedsToReadAndToCallBack() throws Exception {
    assertThat(function.deliverUpload(job)).isEmpty();
    assertThat(function.job(job, "status || ' ' || parser_name || ' ' || wait_reason"))
        .isEqualTo("parse_queued external parser");
    assertThat(function.job(job, "parse_job_id")).isEqualTo(job.jobId().toString());
    var asked = function.parser.asked("POST /external").getFirst();
    assertThat(asked.contentType()).isEqualTo("application/json");
    assertThat(asked.body()).doesNotContain("policy.pdf");
    var request = ObjectMapper.getDefault().readValue(asked.body(), JsonNode.class);
    assertThat(request.get("source_url").getStringValue())
        .contains(ParseFunction.rawPath(job).key());
    assertCallback(request.get("callback"));
  }

  private void assertCallback(JsonNode callback) {
    var keys =
        new CallbackKeys(
            MasterKeySource.of(
                MasterKeys.of(Map.of("current", "k1", "k1", ParseFunction.MASTER_KEY))));
    assertThat(callback.get("url").getStringValue())
        .isEqualTo("http://127.0.0.1:7080/webhooks/parser");
    assertThat(callback.get("id_prefix").getStringValue()).isEqualTo(job.jobId() + ".k1.");
    assertThat(callback.get("secret").getStringValue())
        .isEqualTo(StandardSecret.of(keys.signingSecret("k1", job.jobId(), ParseFunction.SALT)));
    var header = callback.get("headers").get(CallbackHeader.NAME).getStringValue();
    var verified = keys.verify(header, Clock.systemUTC().instant());
    assertThat(verified.jobId()).isEqualTo(job.jobId());
    assertThat(verified.scheme()).isEqualTo(CallbackScheme.STANDARD_WEBHOOKS);
  }

  @Test
  void goesOnWithTheTextThatTheCallbackBrought() throws Exception {
    function.deliverUpload(job);
    function.put(StoragePath.parserResult(job), "# Text".getBytes(StandardCharsets.UTF_8));
    assertThat(function.deliver(collect())).isEmpty();
    assertThat(function.job(job, "status || ' ' || parser_name || ' ' || parsed_path"))
        .isEqualTo("parsed external " + StoragePath.parserResult(job).uri());
    assertThat(function.sent()).hasSize(1);
  }

  @Test
  void waitsWhileThereIsNoText() throws Exception {
    function.deliverUpload(job);
    assertThat(function.deliver(collect())).isEmpty();
    assertThat(function.job(job, "status || ' ' || (lease_token is null) || ' ' || wait_reason"))
        .isEqualTo("parse_queued true parser");
    assertThat(function.parser.asked("POST /external")).hasSize(1);
  }

  @Test
  void givesUpOnAParserThatNeverCallsBack() throws Exception {
    function.deliverUpload(job);
    function.run(
        "update upload_jobs set status_changed_at = now() - interval '2 h' where job_id = ?",
        job.jobId());
    assertThat(function.deliver(collect())).hasSize(1);
    assertThat(failure()).isEqualTo("failed_parse parse_timeout");
  }

  @Test
  void failsWhenTheParserSaysThatItFailed() throws Exception {
    function.deliverUpload(job);
    assertThat(function.deliver(ParseMessage.failed(job, 0, "c-1"))).hasSize(1);
    assertThat(failure()).isEqualTo("failed_parse parse_failed");
  }

  @Test
  void failsWhenTheParserRefusesTheDocument() throws Exception {
    function.parser.onExternal(422);
    assertThat(function.deliverUpload(job)).isEmpty();
    assertThat(failure()).isEqualTo("failed_parse parse_refused");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 402, 403, 404, 405, 408, 429})
  void waitsForWhatIsNoDocumentsFault(int status) throws Exception {
    function.parser.onExternal(status);
    assertThat(function.deliverUpload(job)).hasSize(1);
    assertThat(function.job(job, "status || ' ' || attempts || ' ' || wait_reason"))
        .isEqualTo("parse_queued 0 parse_unavailable");
  }

  @Test
  void getsNothingWhilePaidCallsArePaused() throws Exception {
    function.execute("update spending set paused = true");
    try {
      assertThat(function.deliverUpload(job)).as("the sweep wakes it").isEmpty();
      assertThat(function.job(job, "status || ' ' || attempts || ' ' || wait_reason"))
          .isEqualTo("uploaded 0 paused");
      assertThat(function.parser.asked("POST /external")).isEmpty();
    } finally {
      function.execute("update spending set paused = false");
    }
    assertThat(function.deliverUpload(job)).isEmpty();
    assertThat(function.job(job, "status")).isEqualTo("parse_queued");
  }

  @Test
  void submitsAgainWhatTheParserMayNotHaveTaken() throws Exception {
    function.parser.onExternal(503);
    assertThat(function.deliverUpload(job)).hasSize(1);
    assertThat(function.job(job, "status || coalesce(parse_job_id, '')")).isEqualTo("parse_queued");
    function.parser.onExternal(202);
    assertThat(function.deliver(collect())).isEmpty();
    assertThat(function.parser.asked("POST /external")).hasSize(2);
    assertThat(function.job(job, "parse_job_id")).isEqualTo(job.jobId().toString());
  }

  private ParseMessage collect() {
    return ParseMessage.collect(job, 0, "c-1", null);
  }

  private String failure() throws SQLException {
    return String.valueOf(function.job(job, "status || ' ' || (last_error ->> 'code')"));
  }
}
