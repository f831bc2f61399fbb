package dev.sluice.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.callback.CallbackHeader;
import dev.sluice.callback.CallbackKeys;
import dev.sluice.callback.CallbackScheme;
import dev.sluice.callback.MasterKeySource;
import dev.sluice.callback.MasterKeys;
import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.fixture.TickingClock;
import dev.sluice.localstack.TestServers;
import dev.sluice.message.ParseMessage;
import dev.sluice.message.ParseMessage.Kind;
import dev.sluice.postgres.JobRetries;
import dev.sluice.postgres.WriteRefused;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages as Lambda delivers them, one after another to one warm function. */
@Tag("servers")
class ParseFunctionTest {
  private static final byte[] PDF = "%PDF-1.7 not really".getBytes(StandardCharsets.UTF_8);
  private static final String MARKDOWN = "<!-- page 1 -->\n\n# Policy\n\n";

  private static ParseFunction function;

  private UUID document = UUID.randomUUID();
  private byte[] bytes = PDF;

  @BeforeAll
  static void start() throws Exception {
    function = new ParseFunction();
  }

  @AfterAll
  static void stop() throws Exception {
    function.close();
  }

  /** Bytes of one's own, so that no test finds what another has parsed. */
  @BeforeEach
  void beginAnew() throws SQLException {
    function.parser.reset();
    function.sent();
    function.forgetLimits();
    beginAnotherDocument();
  }

  private void beginAnotherDocument() {
    document = UUID.randomUUID();
    bytes = (new String(PDF, StandardCharsets.UTF_8) + document).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void passesMarkdownOnWithoutAParser() throws Exception {
    var job = upload("text/markdown");
    assertThat(function.deliverUpload(job)).isEmpty();
    assertThat(function.job(job, "status")).isEqualTo("parsed");
    assertThat(function.job(job, "parser_name || parser_version")).isEqualTo("none1");
    assertThat(function.job(job, "parsed_path")).isEqualTo(StoragePath.parserResult(job).uri());
    assertThat(function.object(StoragePath.parserResult(job)))
        .isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    assertThat(function.job(job, "progress::text")).isEqualTo("{}");
    assertThat(currentGeneration()).isEqualTo("1");
    assertThat(function.job(job, "received_at is not null and lease_token is null")).isEqualTo("t");
    assertThat(function.sent()).containsExactly(validateMessage(job));
    assertThat(function.parser.submissions()).isEmpty();
  }

  @Test
  void submitsAPdfByItsUrlAfterSayingSo() throws Exception {
    var job = submitted("pjb-1");
    assertThat(function.job(job, "status || parse_job_id || parser_version"))
        .isEqualTo("parse_queuedpjb-1cost_effective@latest");
    assertThat(function.job(job, "webhook_secret ->> 'kid'")).isEqualTo("k1");
    assertThat(
            function.job(
                job,
                "wait_reason || (wait_until between now() + '100 s' and now() + '2 min') ||"
                    + " attempts"))
        .isEqualTo("parsertrue0");
    assertThat(function.job(job, "lease_token")).isNull();
    assertThat(function.ledger(job, "state || request_id || model || cost_nanousd"))
        .isEqualTo("startedpjb-1cost_effective3750000");
    assertThat(function.sent()).isEmpty();
  }

  @Test
  void givesTheParserWhatItNeedsToCallBackAndNothingOfTheUsers() throws Exception {
    var job = submitted("pjb-1");
    var asked = function.parser.submissions().getFirst();
    assertThat(asked.route()).isEqualTo("POST /api/v2/parse");
    assertThat(asked.authorization()).isEqualTo("Bearer llx-local");
    var request = ObjectMapper.getDefault().readValue(asked.body(), JsonNode.class);
    assertThat(asked.body()).doesNotContain("policy.pdf").doesNotContain("\"file_id\"");
    assertThat(request.get("tier").getStringValue()).isEqualTo("cost_effective");
    assertThat(request.get("version").getStringValue()).isEqualTo("latest");
    assertThat(request.get("source_url").getStringValue())
        .contains(ParseFunction.rawPath(job).key())
        .contains("X-Amz-Expires=3600");
    assertThat(request.get("user_metadata").get("job_id").getStringValue())
        .isEqualTo(job.jobId().toString());
    assertThat(request.get("webhook_configurations").size()).isEqualTo(1);
    var callback = request.get("webhook_configurations").get(0);
    assertThat(callback.get("webhook_url").getStringValue())
        .isEqualTo("http://127.0.0.1:7080/webhooks/llamaparse");
    assertThat(callback.get("webhook_output_format").getStringValue()).isEqualTo("json");
    var keys =
        new CallbackKeys(
            MasterKeySource.of(
                MasterKeys.of(Map.of("current", "k1", "k1", ParseFunction.MASTER_KEY))));
    assertThat(callback.get("webhook_signing_secret").getStringValue())
        .isEqualTo(keys.signingSecret("k1", job.jobId(), ParseFunction.SALT));
    var header = callback.get("webhook_headers").get(CallbackHeader.NAME).getStringValue();
    var verified = keys.verify(header, Clock.systemUTC().instant());
    assertThat(verified.jobId()).isEqualTo(job.jobId());
    assertThat(verified.scheme()).isEqualTo(CallbackScheme.LLAMAPARSE);
  }

  @Test
  void storesTheResultAndSettlesItsPriceTogether() throws Exception {
    var job = submitted("pjb-1");
    completed(job, "pjb-1");
    assertThat(function.deliver(collect(job))).isEmpty();
    assertThat(function.job(job, "status")).isEqualTo("parsed");
    assertThat(function.job(job, "progress ->> 'pages'")).isEqualTo("1");
    assertThat(function.job(job, "wait_reason")).isNull();
    assertThat(function.object(StoragePath.parserResult(job))).isEqualTo(MARKDOWN);
    assertThat(
            function.ledger(job, "state || ' ' || outcome || ' ' || pages || ' ' || cost_nanousd"))
        .isEqualTo("settled succeeded 1 45000000");
    assertThat(function.sent()).containsExactly(validateMessage(job));
    assertThat(function.parser.asked("GET /api/v2/parse/pjb-1"))
        .extracting(ScriptedParser.Asked::query)
        .containsExactly("expand=usage", "expand=markdown");
    assertThat(function.parser.asked("GET /api/v2/parse/pjb-1"))
        .extracting(ScriptedParser.Asked::authorization)
        .containsOnly("Bearer llx-local");
  }

  @Test
  void sendsAgainForALateDuplicateWhileTheJobStandsWhereItWasLeft() throws Exception {
    var job = submitted("pjb-1");
    completed(job, "pjb-1");
    function.deliver(collect(job));
    function.sent();
    assertThat(function.deliver(collect(job))).isEmpty();
    assertThat(function.deliverUpload(job)).isEmpty();
    assertThat(function.sent()).hasSize(2);
    function.run("update upload_jobs set status = 'cancelled' where job_id = ?", job.jobId());
    assertThat(function.deliver(collect(job))).isEmpty();
    assertThat(function.sent()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PENDING", "RUNNING", "SOMETHING_NEW"})
  void waitsOnWhileTheParserIsAtIt(String status) throws Exception {
    var job = submitted("pjb-1");
    function.parser.onGet("pjb-1", 200, parserJob(job, "pjb-1", status, ""));
    function.run(
        "update upload_jobs set status_changed_at = now() - interval '3 min' where job_id = ?",
        job.jobId());
    assertThat(function.deliver(collect(job))).isEmpty();
    assertThat(function.job(job, "status || attempts")).isEqualTo("parse_queued0");
    assertThat(
            function.job(
                job,
                "lease_token is null and wait_until between now() + '110 s' and now() + '2 min'"))
        .isEqualTo("t");
  }

  @Test
  void givesUpOnAParserThatDoesNotEnd() throws Exception {
    var job = submitted("pjb-1");
    function.parser.onGet("pjb-1", 200, parserJob(job, "pjb-1", "RUNNING", ""));
    function.run(
        "update upload_jobs set status_changed_at = now() - interval '2 h' where job_id = ?",
        job.jobId());
    assertThat(function.deliver(collect(job))).hasSize(1);
    assertFailed(job, "parse_timeout", "120 minutes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FAILED|, \"error_code\": \"PDF_IS_PROTECTED\", \"error_message\": \"The PDF wants a"
            + " password.\"|parse_pdf_is_protected|The PDF wants a password.",
        "FAILED|''|parse_failed|could not read this document",
        "CANCELLED|''|parse_cancelled|cancelled"
      })
  void failsTheJobForAReasonThatPeopleUnderstand(
      String status, String more, String code, String reason) throws Exception {
    var job = submitted("pjb-1");
    function.parser.onGet("pjb-1", 200, parserJob(job, "pjb-1", status, more));
    assertThat(function.deliver(collect(job))).as("SQS moves it to the dead letters").hasSize(1);
    assertFailed(job, code, reason);
    assertThat(function.ledger(job, "state || ' ' || outcome || ' ' || cost_nanousd"))
        .isEqualTo("settled " + code + " 0");
  }

  @Test
  void submitsOnceAgainWhatTheParserHasForgotten() throws Exception {
    var job = submitted("pjb-1");
    function.run(
        "update upload_jobs set status_changed_at = now() - interval '3 days' where job_id = ?",
        job.jobId());
    function.parser.onSubmit(200, "{\"id\": \"pjb-2\", \"status\": \"PENDING\"}");

    assertThat(function.deliver(collect(job))).isEmpty();

    assertThat(function.job(job, "status || parse_job_id || (lease_token is null)"))
        .isEqualTo("parse_queuedpjb-2true");
    assertThat(function.job(job, "status_changed_at > now() - interval '1 minute'"))
        .as("the parser has its time again")
        .isEqualTo("t");
    assertThat(function.ledger(job, "string_agg(state || request_id, ' ' order by request_id)"))
        .isEqualTo("settledpjb-1 startedpjb-2");
    assertThat(function.ledger(job, "sum(cost_nanousd)")).as("both count").isEqualTo("7500000");

    assertThat(function.deliver(collect(job))).as("no third time").hasSize(1);
    assertFailed(job, "parse_expired", "no longer keeps");
    assertThat(function.parser.submissions()).hasSize(2);
    assertThat(function.ledger(job, "count(*) filter (where outcome = 'parse_expired')"))
        .isEqualTo("2");

    try (var beans = function.beans()) {
      assertThat(beans.getBean(JobRetries.class).retry(job, 0, "retry", "c-1")).isPresent();
    }
    function.parser.onList("");
    function.parser.onSubmit(200, "{\"id\": \"pjb-3\", \"status\": \"PENDING\"}");
    function.deliver(new ParseMessage(Kind.SUBMIT, job, 1, "c-1"));
    function.parser.onSubmit(200, "{\"id\": \"pjb-4\", \"status\": \"PENDING\"}");
    assertThat(function.deliver(new ParseMessage(Kind.COLLECT, job, 1, "c-1"))).isEmpty();
    assertThat(function.job(job, "status || parse_job_id"))
        .as("a retry has its own repetition")
        .isEqualTo("parse_queuedpjb-4");
  }

  @Test
  void submitsOnceAgainWhenTheResultIsGone() throws Exception {
    var job = submitted("pjb-1");
    completed(job, "pjb-1");
    function.parser.onResult("pjb-1", 404, "{\"detail\": \"Job not found\"}");
    function.parser.onSubmit(200, "{\"id\": \"pjb-2\", \"status\": \"PENDING\"}");

    assertThat(function.deliver(collect(job))).isEmpty();

    assertThat(function.job(job, "status || parse_job_id")).isEqualTo("parse_queuedpjb-2");
    assertThat(function.object(StoragePath.parserResult(job))).isNull();
    completed(job, "pjb-2");
    assertThat(function.deliver(collect(job))).isEmpty();
    assertThat(function.job(job, "status")).isEqualTo("parsed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"markdown\": {\"pages\": []}",
        "\"markdown\": {\"pages\": [{\"page_number\": 1, \"error\": \"e\", \"success\": false}]}"
      })
  void failsAJobWhoseResultIsEmpty(String result) throws Exception {
    var job = submitted("pjb-1");
    function.parser.onGet("pjb-1", 200, parserJob(job, "pjb-1", "COMPLETED", ", " + result));
    assertThat(function.deliver(collect(job))).hasSize(1);
    assertFailed(job, "parse_without_text", "no text");
    assertThat(function.ledger(job, "state || outcome")).isEqualTo("settledsucceeded");
  }

  @Test
  void namesThePagesThatTheParserCouldNotRead() throws Exception {
    var job = submitted("pjb-1");
    function.parser.onGet("pjb-1", 200, parserJob(job, "pjb-1", "COMPLETED", ""));
    function.parser.onResult(
        "pjb-1",
        200,
        """
        {"job": {}, "markdown": {"pages": [
          {"page_number": 2, "success": true, "markdown": "Two.", "header": "h"},
          {"error": "out of ink", "success": false, "page_number": 3},
          {"markdown": "<!-- page 9 -->\\nFour.", "page_number": 4},
          {"page_number": 7, "success": false, "markdown": "half"}]}}
        """);

    assertThat(function.deliver(collect(job))).isEmpty();

    assertThat(function.job(job, "status || progress"))
        .isEqualTo("parsed{\"pages\": 4, \"pages_missing\": [3, 7]}");
    assertThat(function.object(StoragePath.parserResult(job)))
        .isEqualTo(
            """
            <!-- page 2 -->

            Two.

            <!-- page 3 -->

            <!-- page 4 -->

            &lt;!-- page 9 -->
            Four.

            <!-- page 7 -->

            """);
    assertThat(function.ledger(job, "pages || ' ' || cost_nanousd"))
        .as("by the page, since nothing was said of credits")
        .isEqualTo("4 15000000");

    document = UUID.randomUUID();
    var again = upload("application/pdf");
    function.parser.onSubmit(200, "{\"id\": \"pjb-2\", \"status\": \"PENDING\"}");
    assertThat(function.deliverUpload(again)).isEmpty();
    assertThat(function.job(again, "status")).as("another try").isEqualTo("parse_queued");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no JSON", "{}", "{\"markdown\": {\"pages\": [{\"page_number\": 1"})
  void waitsWhenTheResultCannotBeRead(String result) throws Exception {
    var job = submitted("pjb-1");
    completed(job, "pjb-1");
    function.parser.onResult("pjb-1", 200, result);
    assertThat(function.deliver(collect(job))).hasSize(1);
    assertThat(function.job(job, "status || attempts || wait_reason"))
        .isEqualTo("parse_queued0parse_result_unavailable");
    assertThat(function.object(StoragePath.parserResult(job))).isNull();
    assertThat(function.ledger(job, "state")).isEqualTo("started");
  }

  @ParameterizedTest
  @ValueSource(strings = {"upstream connect error", "{}", "null", "[1]"})
  void waitsWhenAnAnswerCannotBeRead(String answer) throws Exception {
    var job = upload("application/pdf");
    function.parser.onSubmit(200, answer);
    assertThat(function.deliverUpload(job)).hasSize(1);
    assertThat(function.job(job, "status || attempts || wait_reason"))
        .isEqualTo("parse_queued0parse_answer_unreadable");
    assertThat(function.ledger(job, "state")).as("perhaps it was taken").isEqualTo("started");

    function.forgetLimits();
    function.parser.on("GET", "", 200, answer);
    assertThat(function.deliver(collect(job))).hasSize(1);
    assertThat(function.parser.submissions()).as("nor is it paid twice").hasSize(1);

    function.parser.onList("");
    function.parser.onSubmit(200, "{\"id\": \"pjb-1\", \"status\": \"PENDING\"}");
    assertThat(function.deliver(collect(job))).isEmpty();
    function.parser.onGet("pjb-1", 200, answer);
    assertThat(function.deliver(collect(job))).hasSize(1);
    assertThat(function.job(job, "status || attempts")).isEqualTo("parse_queued0");
  }

  @Test
  void takesNoAnswerAboutAnotherJob() throws Exception {
    var job = submitted("pjb-1");
    function.parser.onGet("pjb-1", 200, parserJob(job, "pjb-2", "RUNNING", ""));
    assertThat(function.deliver(collect(job))).hasSize(1);
    assertThat(function.job(job, "status || parse_job_id || (lease_token is null)"))
        .isEqualTo("parse_queuedpjb-1true");
  }

  @Test
  void asksTheTierThatMakesNoMarkdownForItsText() throws Exception {
    function.restart("LLAMAPARSE_TIER", "fast");
    try {
      var job = submitted("pjb-1");
      function.parser.onGet(
          "pjb-1",
          200,
          parserJob(
              job,
              "pjb-1",
              "COMPLETED",
              ", \"text\": {\"pages\": [{\"page_number\": 1, \"text\": \"One.\"}]}"));
      assertThat(function.deliver(collect(job))).isEmpty();
      assertThat(function.object(StoragePath.parserResult(job))).endsWith("One.\n\n");
      assertThat(function.parser.asked("GET /api/v2/parse/pjb-1").getLast().query())
          .isEqualTo("expand=text");
    } finally {
      function.restart("LLAMAPARSE_TIER", "cost_effective");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200, CANCELLED, , settled cancelled 3750000",
    "200, CANCELLED, 2, settled cancelled 2500000",
    "409, COMPLETED, 36, settled cancelled 45000000",
    "409, FAILED, , settled cancelled 0",
    "409, RUNNING, , started - 3750000",
    "404, , , settled parse_expired 3750000",
    "503, , , started - 3750000"
  })
  void cancelsAtTheParserWhatIsCancelledHere(
      int answer, String status, String credits, String ledger) throws Exception {
    var job = submitted("pjb-1");
    function.run("update upload_jobs set status = 'cancelled' where job_id = ?", job.jobId());
    var parse =
        parserJob(job, "pjb-1", status, ", \"usage\": {\"credits\": %s}".formatted(credits));
    function.parser.onCancel("pjb-1", answer, parse);
    function.parser.onGet("pjb-1", 200, parse);

    assertThat(function.deliver(collect(job))).isEmpty();

    assertThat(function.parser.asked("POST /api/v2/parse/pjb-1/cancel")).hasSize(1);
    assertThat(function.job(job, "status")).isEqualTo("cancelled");
    assertThat(
            function.ledger(job, "state || ' ' || coalesce(outcome, '-') || ' ' || cost_nanousd"))
        .isEqualTo(ledger);
    assertThat(function.deliver(collect(job))).isEmpty();
    assertThat(function.parser.asked("POST /api/v2/parse/pjb-1/cancel"))
        .as("again only while it is open")
        .hasSize(ledger.startsWith("started") ? 2 : 1);
  }

  @Test
  void cancelsAtTheParserWhatIsDeletedHere() throws Exception {
    var job = submitted("pjb-1");
    function.run("update upload_jobs set status = 'cancelled' where job_id = ?", job.jobId());
    function.run("update documents set deleted_at = now() where document_id = ?", document);
    function.parser.onCancel("pjb-1", 200, parserJob(job, "pjb-1", "CANCELLED", ""));
    assertThat(function.deliver(collect(job))).isEmpty();
    assertThat(function.ledger(job, "state || outcome")).isEqualTo("settledcancelled");
  }

  @Test
  void cancelsASubmissionWhoseAnswerWasLost() throws Exception {
    var job = upload("application/pdf");
    function.parser.onSubmit(503, "{}");
    function.deliverUpload(job);
    function.run("update upload_jobs set status = 'cancelled' where job_id = ?", job.jobId());
    function.parser.onList(parserJob(job, "pjb-9", "RUNNING", ""));
    function.parser.onCancel(
        "pjb-9", 200, parserJob(job, "pjb-9", "CANCELLED", ", \"usage\": {\"credits\": 0}"));
    assertThat(function.deliver(collect(job))).isEmpty();
    assertThat(function.ledger(job, "state || request_id || cost_nanousd"))
        .isEqualTo("settledpjb-90");
  }

  @Test
  void failsAtOnceWhenTheParserRefusesTheDocument() throws Exception {
    var job = upload("application/pdf");
    function.parser.onSubmit(
        422, "{\"detail\": [{\"loc\": [], \"msg\": \"Input is odd\", \"type\": \"t\"}]}");
    assertThat(function.deliverUpload(job)).isEmpty();
    assertFailed(job, "parse_refused", "Input is odd");
    assertThat(function.parser.submissions()).hasSize(1);
    assertThat(function.ledger(job, "state || outcome || cost_nanousd"))
        .isEqualTo("settledparse_refused0");
  }

  @Test
  void takesARefusalForASignThatTheParserIsBack() throws Exception {
    openTheBreaker();
    function.parser.onSubmit(422, "{}");
    assertThat(function.deliverUpload(upload("application/pdf"))).isEmpty();
    assertThat(function.ask("select failures || (paused_until is null)::text from rate_buckets"))
        .isEqualTo("0true");
  }

  @Test
  void leavesTheProbeToAnotherWhenItsJobIsLost() throws Exception {
    openTheBreaker();
    var job = upload("application/pdf");
    function.execute(
        """
        create function spent() returns trigger language plpgsql as $$
        begin
            raise exception 'tenant' using errcode = 'SL001';
        end $$;
        create trigger spent before insert on provider_calls for each row execute function spent()
        """);
    try {
      assertThat(function.deliverUpload(job)).isEmpty();
    } finally {
      function.execute("drop function spent cascade");
    }
    assertThat(function.job(job, "wait_reason")).isEqualTo("budget_tenant");
    assertThat(function.ask("select paused_until <= now() from rate_buckets")).isEqualTo("t");
  }

  /** The next submission tries whether the parser is there. */
  private static void openTheBreaker() throws SQLException {
    function.execute(
        """
        insert into rate_buckets (provider, model, requests, tokens, failures, pause_reason)
        values ('llamaparse', 'cost_effective', 100, 1e12, 5, 'provider_away')
        """);
  }

  @ParameterizedTest
  @CsvSource({"401, parse_unauthorized", "402, parse_credits_exhausted", "403, parse_unauthorized"})
  void waitsForAPersonWhenTheParserTakesNoCallOfOurs(int status, String code) throws Exception {
    var job = upload("application/pdf");
    function.parser.onSubmit(status, "{}");
    assertThat(function.deliverUpload(job)).hasSize(1);
    assertThat(function.job(job, "status || attempts || wait_reason"))
        .isEqualTo("parse_queued0" + code);
    assertThat(function.ledger(job, "state || outcome || cost_nanousd"))
        .isEqualTo("settled" + code + "0");

    beginAnotherDocument();
    var other = upload("application/pdf");
    assertThat(function.deliverUpload(other)).as("the sweep wakes it").isEmpty();
    assertThat(function.job(other, "status || attempts || wait_reason"))
        .isEqualTo("uploaded0" + code);
    assertThat(function.parser.submissions()).as("the other is not even tried").hasSize(1);

    function.forgetLimits();
    function.parser.onSubmit(200, "{\"id\": \"pjb-2\", \"status\": \"PENDING\"}");
    assertThat(function.deliverUpload(other)).isEmpty();
    assertThat(function.job(other, "status || parse_job_id")).isEqualTo("parse_queuedpjb-2");
  }

  @Test
  void takesANewKeyWithinMinutes() throws Exception {
    try (var beans = function.beans()) {
      var key = beans.getBean(ParserKey.class);
      assertThat(key.value()).isEqualTo("llx-local");
      TestServers.shared().define("llamaparse", "{\"api_key\": \"llx-new\"}");
      beans.getBean(TickingClock.class).advance(Duration.ofMinutes(3));
      assertThat(key.value()).isEqualTo("llx-new");
    } finally {
      TestServers.shared().define("llamaparse", "{\"api_key\": \"llx-local\"}");
    }
  }

  @ParameterizedTest
  @CsvSource({"document_limit = 3749999, budget_document", "paused = true, paused"})
  void aParseThatIsNotAffordableWaitsUntilItIs(String setting, String why) throws Exception {
    var job = upload("application/pdf");
    function.parser.onSubmit(200, "{\"id\": \"pjb-1\", \"status\": \"PENDING\"}");
    function.execute("update spending set " + setting);
    try {
      assertThat(function.deliverUpload(job)).as("the sweep wakes it").isEmpty();
      assertThat(function.job(job, "status || attempts || wait_reason"))
          .isEqualTo("uploaded0" + why);
      assertThat(
              function.job(job, "wait_until between now() + '4 minutes' and now() + '5 minutes'"))
          .isEqualTo("t");
      assertThat(function.parser.submissions()).isEmpty();
      assertThat(function.ledger(job, "count(*)")).isEqualTo("0");
      assertThat(function.ask("select count(*) from rate_buckets"))
          .as("no turn is used up")
          .isEqualTo("0");
    } finally {
      function.execute("update spending set document_limit = 3750000, paused = false");
    }
    assertThat(function.deliverUpload(job)).isEmpty();
    assertThat(function.job(job, "status || parse_job_id")).isEqualTo("parse_queuedpjb-1");
    function.execute("update spending set document_limit = null");
  }

  @ParameterizedTest
  @CsvSource({"429, settled 0", "503, started 3750000"})
  void triesAgainWhenTheParserIsLimitedOrBroken(int status, String ledger) throws Exception {
    var job = upload("application/pdf");
    function.parser.onSubmit(status, "{}");
    assertThat(function.deliverUpload(job)).hasSize(1);
    assertThat(function.job(job, "status || attempts || (lease_token is null)"))
        .isEqualTo("parse_queued0true");
    assertThat(function.ledger(job, "state || ' ' || cost_nanousd")).isEqualTo(ledger);
    function.forgetLimits();

    function.parser.onList("");
    function.parser.onSubmit(200, "{\"id\": \"pjb-2\", \"status\": \"PENDING\"}");
    assertThat(function.deliverUpload(job)).isEmpty();
    assertThat(function.job(job, "parse_job_id || attempts")).isEqualTo("pjb-20");
    assertThat(function.ledger(job, "count(*)")).isEqualTo("2");
  }

  @Test
  void adoptsASubmissionWhoseAnswerWasLost() throws Exception {
    var job = upload("application/pdf");
    function.parser.onSubmit(503, "{}");
    function.deliverUpload(job);
    completed(job, "pjb-9");
    function.parser.onList(
        parserJob(JobRef.of(ParseFunction.USER, UUID.randomUUID(), 1), "pjb-8", "COMPLETED", "")
            + ","
            + parserJob(job, "pjb-9", "COMPLETED", ""));
    assertThat(function.deliverUpload(job)).isEmpty();
    assertThat(function.job(job, "status || parse_job_id")).isEqualTo("parsedpjb-9");
    assertThat(function.ledger(job, "count(*) || min(state)")).isEqualTo("1settled");
    assertThat(function.parser.submissions()).hasSize(1);
  }

  /** A busy account: the submission is the 130th of the latest. */
  @Test
  void adoptsASubmissionAmongManyOthers() throws Exception {
    var job = upload("application/pdf");
    function.parser.onSubmit(503, "{}");
    function.deliverUpload(job);
    completed(job, "pjb-130");
    function.parser.onList(
        IntStream.range(0, 300)
            .mapToObj(
                i -> i == 130 ? parserJob(job, "pjb-130", "COMPLETED", "") : others("pjb-" + i, ""))
            .toList());
    assertThat(function.deliverUpload(job)).isEmpty();
    assertThat(function.job(job, "status || parse_job_id")).isEqualTo("parsedpjb-130");
    assertThat(function.parser.submissions()).hasSize(1);
    assertThat(function.parser.asked("GET /api/v2/parse").stream())
        .filteredOn(asked -> asked.query().contains("page_size"))
        .hasSize(2);
  }

  @Test
  void looksForASubmissionNoFurtherThanItsBytesAreOld() throws Exception {
    var job = upload("application/pdf");
    function.parser.onSubmit(503, "{}");
    function.deliverUpload(job);
    function.forgetLimits();
    var now = Instant.now();
    function.parser.onList(
        IntStream.range(0, 500)
            .mapToObj(
                i ->
                    others(
                        "pjb-" + i,
                        ", \"created_at\": \"%s\""
                            .formatted(now.minus(Duration.ofMinutes(i / 10)))))
            .toList());
    function.parser.onSubmit(200, "{\"id\": \"pjb-new\", \"status\": \"PENDING\"}");
    assertThat(function.deliverUpload(job)).isEmpty();
    assertThat(function.job(job, "parse_job_id")).isEqualTo("pjb-new");
    assertThat(function.parser.asked("GET /api/v2/parse"))
        .as("of five lists, up to the one that is over ten minutes old")
        .hasSize(2);
  }

  private static String others(String id, String more) {
    return parserJob(JobRef.of(ParseFunction.USER, UUID.randomUUID(), 1), id, "RUNNING", more);
  }

  @Test
  void theClientGivesUpWhenACallsTimeIsOver() {
    try (var beans = function.beans()) {
      var service = "micronaut.http.services.llamaparse.";
      assertThat(beans.getRequiredProperty(service + "request-timeout", Duration.class))
          .isEqualTo(ParserTime.LONGEST_CALL);
    }
  }

  @Test
  void beginsNoSubmissionThatMightBeCutOff() throws Exception {
    var job = upload("application/pdf");
    function.parser.onSubmit(200, "{\"id\": \"pjb-1\", \"status\": \"PENDING\"}");
    function.remaining = Duration.ofSeconds(19);
    try {
      assertThat(function.deliverUpload(job)).as("the sweep wakes it").isEmpty();
    } finally {
      function.remaining = Duration.ofMinutes(1);
    }
    assertThat(function.job(job, "status || attempts || wait_reason"))
        .isEqualTo("uploaded0no_time_left");
    assertThat(function.parser.submissions()).isEmpty();
    assertThat(function.ledger(job, "count(*)")).isEqualTo("0");
    assertThat(function.deliverUpload(job)).isEmpty();
    assertThat(function.job(job, "parse_job_id")).isEqualTo("pjb-1");
  }

  @ParameterizedTest
  @CsvSource({"60, 2", "20, 1"})
  void asksAgainOnlyWhileThereIsTime(int seconds, int times) throws Exception {
    var job = submitted("pjb-1");
    function.parser.onGet("pjb-1", 503, "{}");
    function.remaining = Duration.ofSeconds(seconds);
    try {
      function.deliver(collect(job));
    } finally {
      function.remaining = Duration.ofMinutes(1);
    }
    assertThat(function.parser.asked("GET /api/v2/parse/pjb-1")).hasSize(times);
  }

  @Test
  void takesACallbackThatOvertakesTheSubmissionsAnswer() throws Exception {
    var job = upload("application/pdf");
    function.parser.onSubmit(503, "{}");
    function.deliverUpload(job);
    completed(job, "pjb-3");
    assertThat(function.deliver(ParseMessage.collect(job, 0, "c-1", "pjb-3"))).isEmpty();
    assertThat(function.job(job, "status || parse_job_id")).isEqualTo("parsedpjb-3");
    assertThat(function.ledger(job, "state || request_id")).isEqualTo("settledpjb-3");
  }

  @Test
  void doesNotTakeAnotherJobsResultWhateverACallbackSays() throws Exception {
    var job = upload("application/pdf");
    function.parser.onSubmit(503, "{}");
    function.deliverUpload(job);
    completed(JobRef.of(ParseFunction.USER, UUID.randomUUID(), 1), "pjb-4");
    assertThat(function.deliver(ParseMessage.collect(job, 0, "c-1", "pjb-4"))).isEmpty();
    assertThat(function.deliver(ParseMessage.collect(job, 0, "c-1", "pjb-none"))).isEmpty();
    assertThat(function.job(job, "status || (lease_token is null)")).isEqualTo("parse_queuedtrue");
    assertThat(function.job(job, "parse_job_id")).isNull();
  }

  @Test
  void takesKnownBytesFromBeforeAtNoCost() throws Exception {
    var first = submitted("pjb-1");
    completed(first, "pjb-1");
    function.deliver(collect(first));
    document = UUID.randomUUID();
    function.sent();
    var second = upload("application/pdf");
    assertThat(function.deliverUpload(second)).isEmpty();
    assertThat(function.job(second, "status || (progress ->> 'pages')")).isEqualTo("parsed1");
    assertThat(function.object(StoragePath.parserResult(second))).isEqualTo(MARKDOWN);
    assertThat(function.ledger(second, "count(*)")).isEqualTo("0");
    assertThat(function.parser.submissions()).hasSize(1);
    assertThat(function.sent()).containsExactly(validateMessage(second));
  }

  @Test
  void parsesKnownBytesAgainWhenTheirTextIsGoneOrAnotherTenants() throws Exception {
    var first = submitted("pjb-1");
    completed(first, "pjb-1");
    function.deliver(collect(first));
    var stranger =
        function.upload(UUID.randomUUID(), UUID.randomUUID(), 1, "application/pdf", bytes);
    function.parser.onSubmit(200, "{\"id\": \"pjb-2\", \"status\": \"PENDING\"}");
    function.deliverUpload(stranger);
    assertThat(function.job(stranger, "status")).isEqualTo("parse_queued");
    function.delete(StoragePath.parserResult(first));
    document = UUID.randomUUID();
    var second = upload("application/pdf");
    function.deliverUpload(second);
    assertThat(function.job(second, "status")).isEqualTo("parse_queued");
    assertThat(function.parser.submissions()).hasSize(3);
  }

  @Test
  void refusesBytesThatAreNotTheAnnouncedOnes() throws Exception {
    var job = function.announce(ParseFunction.USER, document, 1, "application/pdf", bytes);
    function.put(ParseFunction.rawPath(job), PDF);
    assertThat(function.deliverUpload(job)).isEmpty();
    assertFailed(job, "upload_mismatch", "bytes arrived");
    assertThat(function.job(job, "attempts")).as("claimed before it was looked at").isEqualTo("1");
    assertThat(currentGeneration()).as("they fence nobody off").isEqualTo("0");

    document = UUID.randomUUID();
    var other = function.announce(ParseFunction.USER, document, 1, "application/pdf", bytes);
    var changed = bytes.clone();
    changed[0] ^= 1;
    function.put(ParseFunction.rawPath(other), changed);
    assertThat(function.deliverUpload(other)).isEmpty();
    assertFailed(other, "upload_mismatch", "SHA-256");

    document = UUID.randomUUID();
    var missing = function.announce(ParseFunction.USER, document, 1, "application/pdf", bytes);
    assertThat(function.deliverUpload(missing)).isEmpty();
    assertThat(function.job(missing, "status")).as("they may yet arrive").isEqualTo("uploaded");
  }

  @Test
  void aRetrySubmitsAgainWhatTheParserFailed() throws Exception {
    var job = submitted("pjb-1");
    var failed = parserJob(job, "pjb-1", "FAILED", "");
    function.parser.onGet("pjb-1", 200, failed);
    function.deliver(collect(job));
    retry(job);
    function.parser.onList(failed);
    function.parser.onSubmit(200, "{\"id\": \"pjb-2\", \"status\": \"PENDING\"}");

    assertThat(function.deliver(new ParseMessage(ParseMessage.Kind.SUBMIT, job, 1, "c-1")))
        .isEmpty();

    assertThat(function.job(job, "status || parse_job_id")).isEqualTo("parse_queuedpjb-2");
    assertThat(function.parser.submissions()).hasSize(2);
  }

  @Test
  void aRetryTakesUpWhatAnEarlierTryHasPaidFor() throws Exception {
    var job = submitted("pjb-1");
    function.run(
        "update upload_jobs set status = 'failed_parse', last_error ="
            + " '{\"code\": \"c\", \"message\": \"m\", \"stage\": \"parse\"}' where job_id = ?",
        job.jobId());
    retry(job);
    completed(job, "pjb-1");
    function.parser.onList(parserJob(job, "pjb-1", "COMPLETED", ""));

    assertThat(function.deliver(new ParseMessage(ParseMessage.Kind.SUBMIT, job, 1, "c-1")))
        .isEmpty();

    assertThat(function.job(job, "status || parse_job_id")).isEqualTo("parsedpjb-1");
    assertThat(function.ledger(job, "count(*) || min(state)")).isEqualTo("1settled");
    assertThat(function.parser.submissions()).hasSize(1);
  }

  private void retry(JobRef job) throws Exception {
    function.run(
        "update upload_jobs set status = 'uploaded', retry_count = 1, attempts = 0,"
            + " last_error = null where job_id = ?",
        job.jobId());
  }

  @Test
  void letsANewerGenerationTakeOverAndEndsTheOlder() throws Exception {
    var older = submitted("pjb-1");
    var abandoned = function.announce(ParseFunction.USER, document, 2, "application/pdf", bytes);
    var newer = function.upload(ParseFunction.USER, document, 3, "text/plain", bytes);
    function.run("update documents set mime_type = 'text/plain' where document_id = ?", document);
    assertThat(function.deliverUpload(newer)).isEmpty();
    assertThat(function.job(newer, "status")).isEqualTo("parsed");
    assertThat(currentGeneration()).isEqualTo("3");
    assertThat(function.job(older, "status || (last_error ->> 'code')"))
        .isEqualTo("cancelledsuperseded");
    assertThat(function.job(abandoned, "status")).isEqualTo("cancelled");
    assertThat(function.deliver(collect(older))).isEmpty();
    assertThat(function.job(older, "status")).isEqualTo("cancelled");
    assertThat(function.parser.asked("POST /api/v2/parse/pjb-1/cancel")).hasSize(1);
  }

  @Test
  void anUploadCancelledAMomentAgoTakesNothingFromAnother() throws Exception {
    var older = submitted("pjb-1");
    var cancelled = function.upload(ParseFunction.USER, document, 2, "application/pdf", bytes);
    var lease = UUID.randomUUID();
    try (var beans = function.beans()) {
      var jobs = beans.getBean(ParseJobs.class);
      function.run(
          "update upload_jobs set status = 'cancelled', lease_token = ?,"
              + " leased_until = now() + interval '1 min' where job_id = ?",
          lease,
          cancelled.jobId());
      var work = new ParseWork(collect(cancelled), jobs.find(cancelled).orElseThrow(), lease);
      assertThatThrownBy(() -> jobs.receive(work)).isInstanceOf(WriteRefused.class);
    }
    assertThat(currentGeneration()).isEqualTo("1");
    assertThat(function.job(older, "status")).isEqualTo("parse_queued");
  }

  @Test
  void aComparisonOfBytesThatFourFunctionsDiedInIsNotBegunAgain() throws Exception {
    var job = function.upload(ParseFunction.USER, document, 1, "application/pdf", bytes);
    function.run(
        "update upload_jobs set attempts = 4, lease_token = ?, leased_until = now() - interval '1 s'"
            + " where job_id = ?",
        UUID.randomUUID(),
        job.jobId());
    assertThat(function.deliverUpload(job)).isEmpty();
    assertFailed(job, "attempts_exhausted", "stopped at each of its attempts");
  }

  @Test
  void doesNotReceiveAnOlderGenerationLate() throws Exception {
    var older = function.announce(ParseFunction.USER, document, 1, "application/pdf", bytes);
    var newer = function.upload(ParseFunction.USER, document, 2, "application/pdf", bytes);
    function.run(
        "update documents set current_generation = 2 where document_id = ?", newer.documentId());
    function.put(ParseFunction.rawPath(older), bytes);
    assertThat(function.deliverUpload(older)).isEmpty();
    assertThat(function.job(older, "status || (received_at is null)")).isEqualTo("uploadedtrue");
    assertThat(currentGeneration()).isEqualTo("2");
  }

  @Test
  void keepsTheMessageWhileAnotherInvocationHoldsTheLease() throws Exception {
    var job = submitted("pjb-1");
    function.run(
        "update upload_jobs set lease_token = ?, leased_until = now() + interval '1 min'"
            + " where job_id = ?",
        UUID.randomUUID(),
        job.jobId());
    assertThat(function.deliver(collect(job))).hasSize(1);
    assertThat(function.parser.asked("GET")).isEmpty();
  }

  @Test
  void ignoresAMessageFromBeforeARetry() throws Exception {
    var job = submitted("pjb-1");
    function.run("update upload_jobs set retry_count = 1 where job_id = ?", job.jobId());
    assertThat(function.deliver(collect(job))).isEmpty();
    assertThat(function.parser.asked("GET")).isEmpty();
  }

  @Test
  void acknowledgesAnEventThatIsNoUpload() {
    assertThat(
            function.deliver(
                """
                {"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"documents"}
                """))
        .isEmpty();
    assertThat(function.deliverUpload(JobRef.of(ParseFunction.USER, UUID.randomUUID(), 1)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "not json",
        "{\"Records\":[{\"s3\":{\"object\":{\"key\":\"raw/else.pdf\"}}}]}"
      })
  void keepsWhatItCannotReadForTheDeadLetters(String body) {
    assertThat(function.deliver(body)).hasSize(1);
  }

  @Test
  void uploadsTheBytesToAParserThatCannotReachUsAndAsksItSoon() throws Exception {
    function.restart("LLAMAPARSE_SUBMIT", "upload");
    try {
      var job = submitted("pjb-1");
      var asked = function.parser.submissions().getFirst();
      assertThat(asked.route()).isEqualTo("POST /api/v2/parse/upload");
      assertThat(asked.contentType()).startsWith("multipart/form-data");
      assertThat(asked.body())
          .contains(new String(bytes, StandardCharsets.UTF_8))
          .contains("name=\"configuration\"")
          .contains("\"tier\":\"cost_effective\"")
          .doesNotContain("source_url", "webhook");
      assertThat(function.job(job, "wait_until < now() + '10 s'")).isEqualTo("t");
    } finally {
      function.restart("LLAMAPARSE_SUBMIT", "url");
    }
  }

  @Test
  void writesNoCallDownWhoseBytesCouldNotBeRead() throws Exception {
    function.restart("LLAMAPARSE_SUBMIT", "upload");
    try {
      var job = submitted("pjb-1");
      function.delete(ParseFunction.rawPath(job));
      function.parser.onGet("pjb-1", 404, "{\"detail\": \"Job not found\"}");
      assertThat(function.deliver(new ParseMessage(ParseMessage.Kind.COLLECT, job, 0, "c-1")))
          .hasSize(1);
      assertThat(function.ledger(job, "string_agg(state || ' ' || outcome, ',')"))
          .isEqualTo("settled parse_expired");
    } finally {
      function.restart("LLAMAPARSE_SUBMIT", "url");
    }
  }

  private JobRef upload(String mimeType) throws SQLException {
    return function.upload(ParseFunction.USER, document, 1, mimeType, bytes);
  }

  private JobRef submitted(String parseJobId) throws SQLException {
    var job = upload("application/pdf");
    function.parser.onSubmit(
        200, "{\"id\": \"%s\", \"status\": \"PENDING\"}".formatted(parseJobId));
    assertThat(function.deliverUpload(job)).isEmpty();
    return job;
  }

  private static void completed(JobRef job, String parseJobId) {
    function.parser.onGet(
        parseJobId,
        200,
        parserJob(
            job,
            parseJobId,
            "COMPLETED",
            """
            , "usage": {"credits": 36},
            "markdown": {"pages": [{"page_number": 1, "markdown": "# Policy", "success": true}]}
            """));
  }

  private static String parserJob(JobRef job, String id, String status, String more) {
    return """
    {"id": "%s", "status": "%s", "user_metadata": {"job_id": "%s", "document_id": "%s",
     "generation": "%d", "retry_count": "0"}%s}
    """
        .formatted(id, status, job.jobId(), job.documentId(), job.generation(), more);
  }

  private static ParseMessage collect(JobRef job) {
    return new ParseMessage(Kind.COLLECT, job, 0, "c-1");
  }

  private static String validateMessage(JobRef job) {
    return """
    {"version":1,"job":{"user_id":"%s","document_id":"%s","job_id":"%s","generation":%d},\
    "retry_count":0,"correlation_id":"c-1"}\
    """
        .formatted(job.userId(), job.documentId(), job.jobId(), job.generation());
  }

  private static void assertFailed(JobRef job, String code, String reason)
      throws SQLException, IOException {
    assertThat(function.job(job, "status || ' ' || (last_error ->> 'code')"))
        .isEqualTo("failed_parse " + code);
    assertThat(function.job(job, "last_error ->> 'message'")).contains(reason);
    assertThat(function.job(job, "lease_token")).isNull();
  }

  private String currentGeneration() throws SQLException {
    return String.valueOf(
        function.ask("select current_generation from documents where document_id = ?", document));
  }
}
