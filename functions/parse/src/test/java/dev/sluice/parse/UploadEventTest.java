package dev.sluice.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.document.JobRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** The bucket's event whose job fails: S3 may deliver it again, and somebody may redrive it. */
@Tag("servers")
class UploadEventTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static ParseFunction function;

  private JobRef job = JobRef.of(ParseFunction.USER, UUID.randomUUID(), 1);

  @BeforeAll
  static void start() throws IOException {
    function = new ParseFunction();
  }

  @AfterAll
  static void stop() throws Exception {
    function.close();
  }

  /** A document that the parser refuses. */
  @BeforeEach
  void fail() throws SQLException {
    function.parser.reset();
    function.forgetLimits();
    var document = UUID.randomUUID();
    job =
        function.upload(
            ParseFunction.USER,
            document,
            1,
            "application/pdf",
            ("%PDF-1.4 " + document).getBytes(StandardCharsets.UTF_8));
    function.parser.onSubmit(422, "{}");
    assertThat(function.deliverUpload(job, Instant.now()))
        .as("a message of the function's own has taken its place")
        .isEmpty();
    assertThat(standing()).isEqualTo("failed_parse/0");
  }

  @Test
  void isNoRetryHoweverLateItIsDeliveredAgain() throws Exception {
    for (var age : new Duration[] {Duration.ofSeconds(2), HOUR, HOUR.multipliedBy(24)}) {
      assertThat(function.deliverUpload(job, failedAt().plus(age))).isEmpty();
      assertThat(standing()).isEqualTo("failed_parse/0");
    }
    assertThat(function.parser.submissions()).hasSize(1);
    assertThat(acts()).isEqualTo("0");
  }

  @Test
  void isSetAsideAsAMessageOfOurOwnWhoseRedriveRetries() throws Exception {
    var standIn = standIn();
    assertThat(function.deliver(standIn, standIn.messageId(), sent(standIn)))
        .as("SQS is to move it to the dead-letter queue")
        .hasSize(1);
    assertThat(standing()).isEqualTo("failed_parse/0");
    function.parser.onSubmit(200, "{\"id\": \"pjb-1\", \"status\": \"PENDING\"}");
    function.parser.onList("");

    var redriven = failedAt().plus(HOUR);
    assertThat(function.deliver(standIn, "a new id, as AWS gives it", redriven)).isEmpty();

    assertThat(standing()).isEqualTo("parse_queued/1");
    assertThat(acts()).isEqualTo("1");
  }

  @Test
  void itsRedriveRetriesAlsoWhereItsMessageKeepsItsId() throws Exception {
    var standIn = standIn();
    function.parser.onSubmit(200, "{\"id\": \"pjb-2\", \"status\": \"PENDING\"}");
    function.parser.onList("");

    assertThat(function.deliver(standIn, standIn.messageId(), failedAt().plus(HOUR))).isEmpty();

    assertThat(standing()).isEqualTo("parse_queued/1");
  }

  private Message standIn() throws SQLException {
    return function.sentToItself(String.valueOf(function.job(job, "failed_message_id")));
  }

  private static Instant sent(Message message) {
    return Instant.ofEpochMilli(Long.parseLong(message.attributesAsStrings().get("SentTimestamp")));
  }

  private Instant failedAt() throws SQLException {
    return Instant.ofEpochMilli(
        Long.parseLong(
            String.valueOf(
                function.job(job, "(extract(epoch from status_changed_at) * 1000)::bigint"))));
  }

  private String standing() throws SQLException {
    return String.valueOf(function.job(job, "status || '/' || retry_count"));
  }

  private String acts() throws SQLException {
    return String.valueOf(
        function.ask(
            "select count(*) from job_events where job_id = ? and kind = 'operator'", job.jobId()));
  }
}
