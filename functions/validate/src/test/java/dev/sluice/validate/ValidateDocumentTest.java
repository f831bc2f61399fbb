package dev.sluice.validate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.document.Hashes;
import dev.sluice.document.JobRef;
import dev.sluice.document.PipelineStage;
import dev.sluice.document.StoragePath;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.fixture.TestObjects;
import dev.sluice.fixture.TestQueues;
import dev.sluice.localstack.TestServers;
import dev.sluice.message.Invocation;
import dev.sluice.message.ValidateMessage;
import dev.sluice.postgres.WriteRefused;
import dev.sluice.stage.Outcome;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

@Tag("servers")
class ValidateDocumentTest {
  private static final Invocation INVOCATION =
      new Invocation(UUID.randomUUID(), "m-1", 1, () -> Duration.ofSeconds(60));

  private static TestDatabase database;
  private static ApplicationContext context;
  private static ValidateDocument validateDocument;
  private static TestObjects bucket;
  private static TestQueues sqs;
  private static Seed seed;

  @BeforeAll
  static void start() {
    database = TestServers.database();
    context =
        FunctionContext.start(
            database, TestServers.environment("validate", database.password(), Map.of()));
    validateDocument = context.getBean(ValidateDocument.class);
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
  void storesTheCanonicalTextAndSendsTheJobOn() {
    var job = parsed(UUID.randomUUID(), "\uFEFF# Policy\r\n\r\n\r\nCafe\u0301  \r\n");

    assertThat(run(job)).isInstanceOf(Outcome.Advanced.class);

    var canonical = "# Policy\n\nCaf\u00E9\n";
    assertThat(seed.status(job)).isEqualTo("parse_validated");
    assertThat(bucket.get(StoragePath.canonicalText(job).key()))
        .hasValue(canonical.getBytes(UTF_8));
    assertThat(column(job, "parsed_path")).isEqualTo(StoragePath.canonicalText(job).uri());
    assertThat(column(job, "parsed_sha256")).isEqualTo(Hashes.ofText(canonical));
    assertThat(column(job, "lease_token")).isNull();
    assertThat(column(job, "attempts")).isEqualTo("0");
    assertThat(sqs.sentTo("chunk"))
        .singleElement()
        .asString()
        .contains(job.jobId().toString(), "\"correlation_id\":\"c-1\"", "\"retry_count\":0");
  }

  @Test
  void keepsOneTextForTwoDocumentsOfATenantThatSayTheSame() {
    var user = UUID.randomUUID();
    var first = parsed(user, "The same words.\n");
    var second = parsed(user, "The same words.   \r\n\r\n");
    run(first);
    run(second);

    assertThat(column(second, "parsed_path")).isEqualTo(column(first, "parsed_path"));
    assertThat(bucket.get(StoragePath.canonicalText(second).key())).isEmpty();
    assertThat(seed.status(second)).isEqualTo("parse_validated");
  }

  @Test
  void doesNotShareATextBetweenTenants() {
    var first = parsed(UUID.randomUUID(), "Words of two tenants.\n");
    var second = parsed(UUID.randomUUID(), "Words of two tenants.\n");
    run(first);
    run(second);
    assertThat(column(second, "parsed_path")).isEqualTo(StoragePath.canonicalText(second).uri());
  }

  @Test
  void letsTheFirstOfTwoConcurrentJobsKeepItsObject() {
    var user = UUID.randomUUID();
    var first = parsed(user, "Written twice at once.\n");
    var second = parsed(user, "Written twice at once.\n");
    // While the first one writes its object, the second one finishes.
    var reading = StoragePath.parserResult(first).key();
    bucket.duringNextCall(() -> bucket.duringNextCall(() -> run(second)));
    assertThat(bucket.get(reading)).isPresent();

    assertThat(run(first)).isInstanceOf(Outcome.Advanced.class);

    assertThat(column(first, "parsed_path")).isEqualTo(StoragePath.canonicalText(second).uri());
  }

  @Test
  void rejectsATextThatIsNotText() {
    var job = parsed(UUID.randomUUID(), "");
    bucket.put(StoragePath.parserResult(job).key(), new byte[] {'a', (byte) 0xFF});
    assertThat(run(job))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            rejected -> {
              assertThat(rejected.code()).isEqualTo("not_utf8");
              assertThat(rejected.message()).contains("offset 1");
            });
    assertThat(seed.status(job)).isEqualTo("parsed");
  }

  @Test
  void rejectsATextThatSaysNothing() {
    assertThat(run(parsed(UUID.randomUUID(), "<!-- page 1 -->\n\n")))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            rejected -> assertThat(rejected.code()).isEqualTo("empty_text"));
  }

  @Test
  void sendsAgainWhereACrashLeftTheJob() {
    var job = parsed(UUID.randomUUID(), "Committed, but not sent.\n");
    sqs.setDown(true);
    assertThatThrownBy(() -> run(job)).isInstanceOf(SdkClientException.class);
    assertThat(seed.status(job)).isEqualTo("parse_validated");
    sqs.setDown(false);

    assertThat(run(job)).isEqualTo(new Outcome.AlreadyDone("the job is parse_validated"));

    assertThat(sqs.sentTo("chunk")).hasSize(1);
  }

  @Test
  void sendsNothingForAJobThatHasGoneFurther() {
    var job = seed.job("chunking", 0);
    assertThat(run(job)).isEqualTo(new Outcome.AlreadyDone("the job is chunking"));
    assertThat(sqs.sentTo("chunk")).isEmpty();
  }

  @Test
  void waitsForTheLeaseOfAnotherInvocation() {
    var job = parsed(UUID.randomUUID(), "Leased.\n");
    lease(job);
    assertThat(run(job))
        .isInstanceOfSatisfying(
            Outcome.Busy.class,
            busy ->
                assertThat(busy.rest()).isBetween(Duration.ofSeconds(50), Duration.ofMinutes(1)));
  }

  @Test
  void leavesAStaleMessageAlone() {
    var job = parsed(UUID.randomUUID(), "Retried.\n");
    var stale = new ValidateMessage(job, 1, "c-1");
    assertThat(validateDocument.run(stale, INVOCATION)).isEqualTo(new Outcome.AlreadyDone("stale"));
  }

  @Test
  void doesNotAdvanceAJobOfAnOlderGeneration() {
    var job = parsed(UUID.randomUUID(), "Superseded.\n");
    seed.supersede(job);
    assertThatThrownBy(() -> run(job)).isInstanceOf(WriteRefused.FenceLost.class);
    assertThat(seed.status(job)).isEqualTo("parsed");
  }

  @Test
  void doesNotAdvanceAJobWhoseLeaseWasTakenMeanwhile() {
    var job = parsed(UUID.randomUUID(), "Taken over.\n");
    bucket.duringNextCall(() -> lease(job));
    assertThatThrownBy(() -> run(job)).isInstanceOf(WriteRefused.LeaseLost.class);
    assertThat(seed.status(job)).isEqualTo("parsed");
    assertThat(sqs.sentTo("chunk")).isEmpty();
  }

  @Test
  void countsAnAttemptThatFailedAndGivesTheLeaseBack() {
    var job = parsed(UUID.randomUUID(), "");
    database.ask(
        "update upload_jobs set parsed_path = replace(parsed_path, 'parser', 'gone') where job_id ="
            + " ?",
        job.jobId());
    assertThatThrownBy(() -> run(job)).isInstanceOf(NoSuchKeyException.class);
    assertThat(validateDocument.giveBack(message(job), INVOCATION, true)).hasValue(1);
    assertThat(column(job, "lease_token")).isNull();
    assertThat(validateDocument.stage()).isEqualTo(PipelineStage.VALIDATE);
  }

  /** A job whose parser has left this. */
  private static JobRef parsed(UUID user, String text) {
    var job = seed.job(JobRef.of(user, UUID.randomUUID(), 1), "parsed", 0);
    var path = StoragePath.parserResult(job);
    bucket.put(path.key(), text.getBytes(UTF_8));
    database.ask(
        "update upload_jobs set parsed_path = ?, parsed_sha256 = null where job_id = ?",
        path.uri(),
        job.jobId());
    return job;
  }

  private static void lease(JobRef job) {
    database.ask(
        """
        update upload_jobs
        set lease_token = gen_random_uuid(),
            leased_until = clock_timestamp() + interval '1 minute'
        where job_id = ?
        """,
        job.jobId());
  }

  private static Outcome run(JobRef job) {
    return validateDocument.run(message(job), INVOCATION);
  }

  private static ValidateMessage message(JobRef job) {
    return new ValidateMessage(job, 0, "c-1");
  }

  private static String column(JobRef job, String column) {
    return database.ask(
        "select to_jsonb(j) ->> ? from upload_jobs j where job_id = ?", column, job.jobId());
  }
}
