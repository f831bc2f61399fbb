package dev.sluice.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JacksonException;
import dev.sluice.document.JobRef;
import dev.sluice.document.PageMark;
import dev.sluice.document.StoragePath;
import dev.sluice.fixture.Mutilated;
import dev.sluice.message.ParseMessage;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the parser answers, it is a job or its pages, or a fault with its code. */
class MutilatedAnswersTest {
  private static final long SEED = 20_261_124;
  private static final int MANY = 100_000;
  private static final ObjectMapper JSON = ObjectMapper.getDefault();

  private static final String SUBMITTED =
      """
      {"id":"pjb-1","project_id":"p","status":"PENDING","error_message":null,"tier":"fast"}\
      """;

  private static final String JOB =
      """
      {"job":{"id":"pjb-1","status":"COMPLETED","error_code":"PDF_IS_BROKEN","error_message":"It \
      ends.","user_metadata":{"job_id":"j","retry_count":"0"},"usage":{"credits":36}}}\
      """;

  private static final String LIST =
      """
      {"items":[{"id":"pjb-1","status":"RUNNING","user_metadata":{"job_id":"j"}},\
      {"id":"pjb-2","status":"FAILED"}],"next_page_token":null,"total_size":2}\
      """;

  private static final String RESULT =
      """
      {"job":{"id":"pjb-1"},"markdown":{"pages":[{"page_number":1,"markdown":"# One\\n\\ntext",\
      "success":true},{"page_number":2,"error":"e","success":false},{"markdown":\
      "<!-- page 9 -->","page_number":3}]}}\
      """;

  private static final String COMPLAINT =
      """
      {"detail":[{"loc":["body","tier"],"msg":"Input should be 'fast'","type":"literal_error"}]}\
      """;

  @ParameterizedTest
  @ValueSource(strings = {SUBMITTED, JOB})
  void everyOneOfAHundredThousandIsAJobOrUnreadable(String genuine) {
    var bodies = new Mutilated(SEED, genuine);
    int jobs = 0;
    for (int at = 0; at < MANY; at++) {
      jobs += read(bodies.next(), body -> List.of(ParserJobReader.job(body)));
    }
    assertThat(jobs).as("answers that were still jobs").isBetween(100, MANY / 2);
  }

  @Test
  void everyOneOfAHundredThousandIsAListOrUnreadable() {
    var bodies = new Mutilated(SEED, LIST);
    int jobs = 0;
    for (int at = 0; at < MANY; at++) {
      jobs += read(bodies.next(), body -> ParserJobReader.jobs(body).jobs());
    }
    assertThat(jobs).as("jobs in what were still lists").isBetween(100, MANY);
  }

  private static int read(byte[] body, Function<JsonNode, List<ParserJob>> reader) {
    try {
      var node = JSON.readValue(body, JsonNode.class);
      var jobs = reader.apply(node == null ? JsonNode.nullNode() : node);
      jobs.forEach(MutilatedAnswersTest::check);
      return jobs.size();
    } catch (IOException | IllegalArgumentException unreadable) {
      return 0;
    }
  }

  /** What of it goes into rows and addresses. */
  private static void check(ParserJob job) {
    assertThat(job.id()).matches("[A-Za-z0-9._-]+");
    assertThat(CollectResult.code(job.errorCode())).matches("parse_[a-z0-9_]{1,54}");
    checkWords(CollectResult.reason(job.errorMessage()));
    if (job.credits() != null) {
      assertThat(job.credits()).isBetween(0L, 1_000_000_000L);
    }
  }

  private static void checkWords(String words) {
    assertThat(words).isNotBlank().hasSizeLessThan(250).doesNotContainPattern("\\p{Cntrl}|\\p{Cs}");
  }

  @Test
  void everyOneOfAHundredThousandIsPagesOrUnreadable() {
    var bodies = new Mutilated(SEED, RESULT);
    int results = 0;
    for (int at = 0; at < MANY; at++) {
      results += isResult(bodies.next()) ? 1 : 0;
    }
    assertThat(results).as("answers that were still pages").isBetween(100, MANY / 2);
  }

  /** The marks in the text are the pages', and none is the document's own. */
  private static boolean isResult(byte[] body) {
    try {
      var text = new ByteArrayOutputStream();
      var copied = PageCopy.copy(new ByteArrayInputStream(body), "markdown", text);
      long marks =
          text.toString(StandardCharsets.UTF_8)
              .lines()
              .filter(line -> PageMark.number(line, 0, line.length()).isPresent())
              .count();
      assertThat(marks).isEqualTo(copied.all());
      assertThat(copied.missing()).hasSizeLessThanOrEqualTo(copied.all());
      return true;
    } catch (JacksonException | CharConversionException unreadable) {
      return false;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyOneOfAHundredThousandComplaintsIsQuotedOrLeftOut() {
    var bodies = new Mutilated(SEED, COMPLAINT);
    int quoted = 0;
    for (int at = 0; at < MANY; at++) {
      var complaint = ParserFaults.complaint(bodies.next());
      checkWords(complaint);
      quoted += complaint.equals(".") ? 0 : 1;
    }
    assertThat(quoted).isBetween(100, MANY / 2);
  }

  @Test
  @Tag("servers")
  void storesNothingOfThem() throws Exception {
    try (var function = new ParseFunction()) {
      var job = submitted(function);
      var jobs = new Mutilated(SEED, JOB);
      var results = new Mutilated(SEED, RESULT);
      for (int at = 0; at < 25; at++) {
        function.parser.onGet("pjb-1", at % 5 == 4 ? 422 : 200, text(jobs));
        assertStillThere(function, job);
        function.parser.onGet("pjb-1", 200, JOB.replace("usage", "u"));
        function.parser.onResult("pjb-1", 200, cut(results));
        assertStillThere(function, job);
      }
    }
  }

  private static JobRef submitted(ParseFunction function) throws Exception {
    var pdf = "%PDF-1.7".getBytes(StandardCharsets.UTF_8);
    var job = function.upload(ParseFunction.USER, UUID.randomUUID(), 1, "application/pdf", pdf);
    function.parser.onSubmit(200, SUBMITTED);
    assertThat(function.deliverUpload(job)).isEmpty();
    return job;
  }

  private static void assertStillThere(ParseFunction function, JobRef job) throws Exception {
    var unused = function.deliver(new ParseMessage(ParseMessage.Kind.COLLECT, job, 0, "c-1"));
    assertThat(function.job(job, "lease_token")).isNull();
    if ("parse_queued".equals(function.job(job, "status"))) {
      assertThat(function.job(job, "attempts")).as("no exception escaped").isEqualTo("0");
    } else {
      assertThat(function.job(job, "last_error ->> 'code'")).startsWith("parse_");
      backToTheParser(function, job);
    }
    assertThat(function.object(StoragePath.parserResult(job))).isNull();
  }

  /** As a retry and a submission would bring it back. */
  private static void backToTheParser(ParseFunction function, JobRef job) throws Exception {
    function.run(
        "update upload_jobs set status = 'uploaded', attempts = 0, last_error = null"
            + " where job_id = ?",
        job.jobId());
    function.run("update upload_jobs set status = 'parse_queued' where job_id = ?", job.jobId());
  }

  private static String text(Mutilated bodies) {
    return new String(bodies.next(), StandardCharsets.UTF_8);
  }

  /** No whole result, however little was changed. */
  private static String cut(Mutilated bodies) {
    var body = text(bodies);
    return body.substring(0, Math.max(0, body.length() - 2));
  }
}
