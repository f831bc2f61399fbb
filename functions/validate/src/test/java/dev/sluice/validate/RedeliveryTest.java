package dev.sluice.validate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.document.PipelineStage;
import dev.sluice.document.StoragePath;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.LambdaCall;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.fixture.TestObjects;
import dev.sluice.fixture.TestQueues;
import dev.sluice.localstack.TestServers;
import dev.sluice.message.Invocation;
import dev.sluice.message.MessageSender;
import dev.sluice.message.ValidateMessage;
import dev.sluice.postgres.JobFailures;
import dev.sluice.postgres.JobRetries;
import dev.sluice.stage.StageRunner;
import io.micronaut.context.ApplicationContext;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What becomes of messages that SQS delivers again: the same for every stage, shown with one. */
@Tag("servers")
class RedeliveryTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static TestDatabase database;
  private static ApplicationContext context;
  private static StageRunner runner;
  private static ValidateDocument stage;
  private static TestObjects bucket;
  private static TestQueues sqs;
  private static Seed seed;

  @BeforeAll
  static void start() {
    database = TestServers.database();
    context =
        FunctionContext.start(
            database, TestServers.environment("validate", database.password(), Map.of()));
    runner = context.getBean(StageRunner.class);
    stage = context.getBean(ValidateDocument.class);
    bucket = TestObjects.of(context);
    sqs = TestQueues.of(context);
    seed = new Seed(database);
  }

  @AfterAll
  static void stop() {
    context.close();
    database.close();
  }

  @BeforeEach
  void forget() {
    sqs.forget();
  }

  @Test
  void theMessageThatTheJobFailedOnIsSentOnUntilSqsSetsItAside() {
    var job = failed("m-1");
    assertThat(isKept(job, "m-1", failedAt(job).minus(MINUTE), failedAt(job).minus(MINUTE)))
        .isTrue();
    assertThat(sqs.visibilities()).containsEntry("handle of m-1", 0);
    assertThat(seed.status(job)).isEqualTo("failed_parse");
  }

  @Test
  void itsSiblingsAreAcknowledged() {
    var job = failed("m-1");
    assertThat(isKept(job, "m-2", failedAt(job).minus(MINUTE), failedAt(job).minus(MINUTE)))
        .isFalse();
    assertThat(seed.status(job)).isEqualTo("failed_parse");
  }

  @Test
  void aRedriveBringsTheJobBackWhateverIdItsMessageHas() {
    for (var id : List.of("m-1", "m-9")) {
      var job = failed("m-1");
      assertThat(isKept(job, id, failedAt(job).plus(MINUTE), failedAt(job).minus(MINUTE)))
          .isFalse();
      assertThat(seed.status(job)).isEqualTo("parse_validated");
      assertThat(column(job, "retry_count || '/' || attempts || '/' || coalesce(last_error, '{}')"))
          .isEqualTo("1/0/{}");
      assertThat(
              database.ask(
                  "select detail::text from job_events where job_id = ? and kind = 'operator'",
                  job.jobId()))
          .isEqualTo("{\"act\": \"redrive\", \"retry_count\": 1}");
    }
    assertThat(sqs.sentTo("chunk"))
        .hasSize(2)
        .allSatisfy(body -> assertThat(body).contains("\"retry_count\":1"));
  }

  @Test
  void whatWasFirstSentAfterTheFailureAsksForNothing() {
    var job = failed("m-1");
    assertThat(isKept(job, "m-2", failedAt(job).plus(MINUTE), failedAt(job).plus(MINUTE)))
        .isFalse();
    assertThat(seed.status(job)).isEqualTo("failed_parse");
    assertThat(column(job, "retry_count")).isEqualTo("0");
  }

  @Test
  void whatWasSentInTheMomentOfTheFailureAsksForNothingWhicheverClockIsAhead() {
    var job = failed("m-1");
    assertThat(isKept(job, "m-1", failedAt(job).plusMillis(500), failedAt(job).minusMillis(5)))
        .isTrue();
    assertThat(column(job, "status || '/' || retry_count")).isEqualTo("failed_parse/0");
  }

  @Test
  void whatNobodySaysWasSentBeforeTheFailureAsksForNothing() {
    var job = failed("m-1");
    assertThat(isKept(job, "m-2", failedAt(job).plus(MINUTE), null)).isFalse();
    assertThat(column(job, "status || '/' || retry_count")).isEqualTo("failed_parse/0");
  }

  @Test
  void aRedriveAfterARetryFindsTheWorkTaken() {
    var job = failed("m-1");
    assertThat(retry(job, 0)).isEqualTo(JobStatus.PARSED);
    assertThat(isKept(job, "m-1", Instant.now().plus(MINUTE), Instant.EPOCH)).isFalse();
    assertThat(seed.status(job)).isEqualTo("parsed");
    assertThat(column(job, "retry_count")).isEqualTo("1");
    assertThat(sqs.sentTo("chunk")).isEmpty();
  }

  @Test
  void aRedriveThatFailsAgainCanBeRedrivenAgain() {
    var job = failed("m-1");
    var key = StoragePath.canonicalText(job).key();
    bucket.put(key, " ".getBytes(UTF_8));
    var first = failedAt(job).plusMillis(1);
    assertThat(isKept(job, "m-1", first, failedAt(job).minus(MINUTE))).isTrue();
    assertThat(isKept(job, "m-1", first, failedAt(job).minus(MINUTE)))
        .as("on its way to the dead-letter queue, with the count that it was first sent with")
        .isTrue();
    assertThat(column(job, "status || '/' || retry_count")).isEqualTo("failed_parse/1");

    bucket.put(key, "Words".getBytes(UTF_8));
    assertThat(isKept(job, "m-2", failedAt(job).plus(MINUTE), failedAt(job).minus(MINUTE)))
        .isFalse();
    assertThat(column(job, "status || '/' || retry_count")).isEqualTo("parse_validated/2");
  }

  @Test
  void aRedriveWhoseFirstAttemptFailsGoesOnWithTheNext() {
    var job = failed("m-1");
    var redriven = failedAt(job).plusMillis(1);
    bucket.duringNextCall(
        () -> {
          throw new IllegalStateException("a defect, says the test");
        });
    assertThat(isKept(job, "m-1", redriven, failedAt(job).minus(MINUTE))).isTrue();
    assertThat(column(job, "status || '/' || retry_count || '/' || attempts"))
        .isEqualTo("parsed/1/1");

    assertThat(isKept(job, "m-1", redriven, redriven.minus(MINUTE))).isFalse();
    assertThat(column(job, "status || '/' || retry_count")).isEqualTo("parse_validated/1");
  }

  @Test
  void ofTwoRetriesAtOnceOneRetries() {
    var job = failed("m-1");
    assertThat(retry(job, 0)).isEqualTo(JobStatus.PARSED);
    assertThat(retry(job, 0)).isNull();
    assertThat(column(job, "emit_due_at > clock_timestamp()")).isEqualTo("t");
  }

  @Test
  void aRetryDoesNotBringBackWhatWasDeletedOrUploadedAgain() {
    var deleted = failed("m-1");
    database.ask(
        "update documents set deleted_at = now() where document_id = ?", deleted.documentId());
    assertThat(retry(deleted, 0)).isNull();
    var superseded = failed("m-1");
    seed.supersede(superseded);
    assertThat(retry(superseded, 0)).isNull();
    var never = failed("m-1");
    database.ask("update upload_jobs set received_at = null where job_id = ?", never.jobId());
    assertThat(retry(never, 0)).isNull();
  }

  @Test
  void aLateFailureDoesNotFailAnotherInvocationsJob() {
    var job = parsed();
    lease(job, "1 minute");
    var late = new Invocation(UUID.randomUUID(), "m-1", 1, () -> MINUTE);
    context
        .getBean(JobFailures.class)
        .fail(PipelineStage.VALIDATE, message(job), late, "late", "Too late.");
    assertThat(seed.status(job)).isEqualTo("parsed");
    assertThat(stage.giveBack(message(job), late, true)).isEmpty();
    assertThat(column(job, "lease_token is not null")).isEqualTo("t");
  }

  @Test
  void aLateFailureDoesNotFailWhatIsComplete() {
    var job = parsed();
    database.ask("update upload_jobs set status = 'parse_validated' where job_id = ?", job.jobId());
    database.ask("update upload_jobs set status = 'chunking' where job_id = ?", job.jobId());
    var late = new Invocation(UUID.randomUUID(), "m-1", 1, () -> MINUTE);
    context
        .getBean(JobFailures.class)
        .fail(PipelineStage.VALIDATE, message(job), late, "late", "Too late.");
    assertThat(seed.status(job)).isEqualTo("chunking");
    assertThat(refusals(job)).isEqualTo("late_failure");
  }

  @Test
  void whoLostItsLeaseWritesNothingButAnEvent() {
    var job = parsed();
    bucket.duringNextCall(() -> lease(job, "1 minute"));
    assertThat(isKept(job, "m-1", Instant.EPOCH, Instant.EPOCH)).isFalse();
    assertThat(seed.status(job)).isEqualTo("parsed");
    assertThat(refusals(job)).isEqualTo("lease_lost");
    assertThat(sqs.sentTo("chunk")).isEmpty();
  }

  @Test
  void aFailureOfWhoLostItsLeaseIsAnEventToo() {
    var job = parsed();
    bucket.duringNextCall(
        () -> {
          lease(job, "1 minute");
          throw new IllegalStateException("a defect, says the test");
        });
    assertThat(isKept(job, "m-1", Instant.EPOCH, Instant.EPOCH)).isFalse();
    assertThat(column(job, "status || '/' || (lease_token is not null)")).isEqualTo("parsed/true");
    assertThat(refusals(job)).isEqualTo("lease_lost");
  }

  @Test
  void ofADocumentThatWasDeletedOrUploadedAgainMeanwhileNothingIsWrittenButAnEvent() {
    var deleted = parsed();
    bucket.duringNextCall(
        () ->
            database.ask(
                "update documents set deleted_at = now() where document_id = ?",
                deleted.documentId()));
    var superseded = parsed();
    assertThat(isKept(deleted, "m-1", Instant.EPOCH, Instant.EPOCH)).isFalse();
    bucket.duringNextCall(() -> seed.supersede(superseded));
    assertThat(isKept(superseded, "m-2", Instant.EPOCH, Instant.EPOCH)).isFalse();

    for (var job : List.of(deleted, superseded)) {
      assertThat(seed.status(job)).isEqualTo("parsed");
      assertThat(refusals(job)).isEqualTo("superseded");
    }
    assertThat(isKept(superseded, "m-3", Instant.EPOCH, Instant.EPOCH)).isFalse();
    assertThat(refusals(superseded)).as("an older generation's message").contains(",superseded");
    assertThat(sqs.sentTo("chunk")).isEmpty();
  }

  @Test
  void anOutageIsNoAttempt() {
    var job = parsed();
    bucket.duringNextCall(
        () -> {
          throw SdkClientException.create("S3 is down, says the test");
        });
    assertThat(isKept(job, "m-1", Instant.EPOCH, Instant.EPOCH)).isTrue();
    assertThat(column(job, "attempts || '/' || (lease_token is null)")).isEqualTo("0/true");
    assertThat(sqs.visibilities()).containsEntry("handle of m-1", 3);
    assertThat(isKept(job, "m-1", Instant.EPOCH, Instant.EPOCH)).isFalse();
    assertThat(seed.status(job)).isEqualTo("parse_validated");
  }

  @Test
  void aConnectionThatIsCutIsNoAttemptAndComesBackSoon() {
    var job = parsed();
    bucket.duringNextCall(
        () ->
            database.ask(
                "select pg_terminate_backend(pid) from pg_stat_activity where usename ="
                    + " 'sluice_validate' and datname = current_database()"));
    assertThat(isKept(job, "m-1", Instant.EPOCH, Instant.EPOCH)).isTrue();
    assertThat(sqs.visibilities()).containsEntry("handle of m-1", 3);
    assertThat(column(job, "attempts")).isEqualTo("0");
  }

  @Test
  void aFailureThatIsNoOutageIsCounted() {
    var job = parsed();
    bucket.duringNextCall(
        () -> {
          throw new IllegalStateException("a defect, says the test");
        });
    assertThat(isKept(job, "m-1", Instant.EPOCH, Instant.EPOCH)).isTrue();
    assertThat(column(job, "attempts || '/' || (lease_token is null)")).isEqualTo("1/true");
  }

  @Test
  void workWhoseEveryAttemptDiedFailsWithThatReason() {
    var job = parsed();
    database.ask("update upload_jobs set attempts = 4 where job_id = ?", job.jobId());
    lease(job, "-1 second");
    assertThat(isKept(job, "m-4", Instant.EPOCH, Instant.EPOCH)).isTrue();
    assertThat(seed.status(job)).isEqualTo("failed_parse");
    assertThat(column(job, "last_error ->> 'code'")).isEqualTo("attempts_exhausted");
    assertThat(column(job, "failed_message_id")).isEqualTo("m-4");
  }

  @Test
  void aClaimRemembersItsMessage() {
    var job = parsed();
    bucket.duringNextCall(() -> assertThat(column(job, "claimed_message_id")).isEqualTo("m-7"));
    isKept(job, "m-7", Instant.EPOCH, Instant.EPOCH);
    assertThat(seed.status(job)).isEqualTo("parse_validated");
  }

  private static JobRef parsed() {
    var job = seed.job("parsed", 0);
    bucket.put(StoragePath.canonicalText(job).key(), ("Words of " + job.jobId()).getBytes(UTF_8));
    return job;
  }

  private static JobRef failed(String messageId) {
    var job = parsed();
    database.ask(
        """
        update upload_jobs
        set status = 'failed_parse', failed_message_id = ?, attempts = 4,
            last_error = '{"code": "c", "message": "m", "stage": "validate"}'
        where job_id = ?
        """,
        messageId,
        job.jobId());
    return job;
  }

  private static void lease(JobRef job, String rest) {
    database.ask(
        """
        update upload_jobs
        set lease_token = gen_random_uuid(), leased_until = clock_timestamp() + cast(? as interval)
        where job_id = ?
        """,
        rest,
        job.jobId());
  }

  private static String refusals(JobRef job) {
    return database.ask(
        """
        select string_agg(detail ->> 'code', ',' order by event_id)
        from job_events
        where job_id = ? and kind = 'refused'
        """,
        job.jobId());
  }

  private static Instant failedAt(JobRef job) {
    return Instant.ofEpochMilli(
        Long.parseLong(column(job, "(extract(epoch from status_changed_at) * 1000)::bigint")));
  }

  private static JobStatus retry(JobRef job, int retryCount) {
    return context
        .getBean(JobRetries.class)
        .retry(job, retryCount, "retry", "c-1")
        .map(JobRetries.Retried::status)
        .orElse(null);
  }

  private static ValidateMessage message(JobRef job) {
    return new ValidateMessage(job, 0, "c-1");
  }

  /** Whether SQS is to keep the message, of which an invocation has five minutes. */
  private static boolean isKept(JobRef job, String id, Instant sent, @Nullable Instant firstSent) {
    var message = new SQSMessage();
    message.setMessageId(id);
    message.setReceiptHandle("handle of " + id);
    message.setBody(body(message(job)));
    message.setAttributes(
        Map.of(
            "ApproximateReceiveCount", "1", "SentTimestamp", Long.toString(sent.toEpochMilli())));
    if (firstSent != null) {
      var first = new MessageAttribute();
      first.setDataType("Number");
      first.setStringValue(Long.toString(firstSent.toEpochMilli()));
      message.setMessageAttributes(Map.of(MessageSender.EMITTED_AT, first));
    }
    var event = new SQSEvent();
    event.setRecords(List.of(message));
    return !runner
        .run(event, LambdaCall.context(), stage, m -> List.of(read(m.getBody())))
        .getBatchItemFailures()
        .isEmpty();
  }

  private static String body(ValidateMessage message) {
    try {
      return context.getBean(ObjectMapper.class).writeValueAsString(message);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ValidateMessage read(String body) {
    try {
      return context.getBean(ObjectMapper.class).readValue(body, ValidateMessage.class);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String column(JobRef job, String expression) {
    return String.valueOf(
        database.ask("select " + expression + " from upload_jobs where job_id = ?", job.jobId()));
  }
}
