package dev.sluice.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.document.JobRef;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.fixture.TestQueues;
import dev.sluice.localstack.TestServers;
import io.micronaut.context.ApplicationContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("servers")
class SweepOnceTest {
  private static TestDatabase database;
  private static ApplicationContext context;
  private static SweepOnce sweepOnce;
  private static TestQueues sqs;
  private static Seed seed;

  @BeforeAll
  static void start() {
    database = TestServers.database();
    context =
        FunctionContext.start(
            database, TestServers.environment("sweep", database.password(), Map.of()));
    sweepOnce = context.getBean(SweepOnce.class);
    sqs = TestQueues.of(context);
    seed = new Seed(database);
  }

  @AfterAll
  static void stop() {
    context.close();
    database.close();
  }

  @AfterEach
  void endAllJobs() {
    sqs.setDown(false);
    sqs.forget();
    database.ask(
        "update upload_jobs set status = 'cancelled' where status not like 'failed%' and"
            + " status not in ('complete', 'cancelled')");
  }

  @Test
  void leavesAloneWhatIsOnItsWay() {
    for (var status :
        List.of("uploaded", "parse_queued", "parsed", "chunking", "embeddings_stored")) {
      seed.job(status, 1);
    }
    var numbers = sweepOnce.sweep();
    assertThat(numbers)
        .containsEntry("jobs_woken", 0L)
        .containsEntry("batches_woken", 0L)
        .containsEntry("overdue_jobs_failed", 0L)
        .containsEntry("parsed_jobs", 1L);
    assertNothingSent();
  }

  @ParameterizedTest
  @CsvSource({
    "uploaded, parse, SUBMIT",
    "parse_queued, parse, COLLECT",
    "parsed, validate, job_id",
    "parse_validated, chunk, job_id",
    "chunking, chunk, job_id",
    "chunks_stored, chunk, job_id",
    "embedding_queued, embed, batch_id",
    "embedding_in_progress, embed, batch_id",
    "embeddings_stored, finalize, job_id"
  })
  void sendsTheMessageThatACommitPromised(String status, String queue, String content) {
    var job = seed.job(status, 1);
    seed.batch(job, 0, 0, List.of("a"));
    set(job, "emit_due_at = clock_timestamp() - interval '1 second'");

    assertThat(sweepOnce.sweep()).containsEntry("jobs_woken", 1L);

    assertThat(sqs.sentTo(queue))
        .singleElement()
        .asString()
        .contains(job.jobId().toString())
        .contains(content)
        .contains("\"correlation_id\":\"seed-correlation\"");
    sqs.forget();
    assertThat(sweepOnce.sweep()).containsEntry("jobs_woken", 0L);
  }

  @Test
  void promisesAgainWhatItCouldNotSend() {
    var job = seed.job("parsed", 1);
    set(job, "emit_due_at = clock_timestamp() - interval '1 second'");
    sqs.setDown(true);
    assertThatThrownBy(() -> sweepOnce.sweep()).hasMessage("a task of the sweep broke");
    assertThat(
            column(
                job,
                "emit_due_at between clock_timestamp() and clock_timestamp() + interval '1"
                    + " minute'"))
        .isEqualTo("t");

    sqs.setDown(false);
    set(job, "emit_due_at = clock_timestamp() - interval '1 second'");
    sweepOnce.sweep();
    assertThat(sqs.sentTo("validate")).hasSize(1);
  }

  @Test
  void takesAnExpiredLeaseBackAndSendsTheJobOn() {
    var job = seed.job("chunking", 1);
    lease(job, "-1 second");
    var working = seed.job("chunking", 1);
    lease(working, "30 seconds");

    sweepOnce.sweep();

    assertThat(sqs.sentTo("chunk")).singleElement().asString().contains(job.jobId().toString());
    assertThat(column(job, "lease_token is null and leased_until is null")).isEqualTo("t");
    assertThat(column(working, "lease_token is not null")).isEqualTo("t");
  }

  @Test
  void remindsOfAParseThatNobodyNeedsAnyMoreUntilItIsSettled() {
    var job = seed.job("parse_queued", 1);
    parse(job, "llamaparse");
    var other = seed.job("parse_queued", 1);
    parse(other, "external");
    assertThat(sweepOnce.sweep()).containsEntry("parses_to_cancel", 0L);
    set(job, "status = 'cancelled'");
    set(other, "status = 'cancelled'");

    assertThat(sweepOnce.sweep()).containsEntry("parses_to_cancel", 1L);
    assertThat(sqs.sentTo("parse"))
        .singleElement()
        .asString()
        .contains(job.jobId().toString())
        .contains("COLLECT");
    assertThat(sweepOnce.sweep()).as("not at once again").containsEntry("parses_to_cancel", 0L);

    set(job, "resent_at = resent_at - interval '31 seconds'");
    assertThat(sweepOnce.sweep()).containsEntry("parses_to_cancel", 1L);

    set(job, "resent_at = resent_at - interval '31 seconds'");
    database.ask(
        "update provider_calls set state = 'settled', outcome = 'cancelled', settled_at = now()"
            + " where job_id = ?",
        job.jobId());
    assertThat(sweepOnce.sweep()).containsEntry("parses_to_cancel", 0L);
  }

  private static void parse(JobRef job, String provider) {
    database.ask(
        """
        insert into provider_calls (call_id, user_id, job_id, provider, operation, model, cost_nanousd)
        values (?, ?, ?, ?, 'parse', 'cost_effective', 1)
        """,
        UUID.randomUUID(),
        job.userId(),
        job.jobId(),
        provider);
  }

  @Test
  void asksTheParserAgainAtLongerAndLongerIntervals() {
    var job = seed.job("parse_queued", 1);
    set(
        job,
        "wait_reason = 'parser', wait_until = clock_timestamp() - interval '1 second',"
            + " status_changed_at = clock_timestamp() - interval '7 minutes'");

    sweepOnce.sweep();

    assertThat(sqs.sentTo("parse")).singleElement().asString().contains("COLLECT");
    assertThat(column(job, "wait_reason")).isEqualTo("parser");
    assertThat(
            column(
                job,
                "wait_until between clock_timestamp() + interval '6 minutes' and clock_timestamp()"
                    + " + interval '8 minutes'"))
        .isEqualTo("t");
    assertThat(column(job, "emit_due_at")).isEqualTo("null");
    sqs.forget();
    sweepOnce.sweep();
    assertNothingSent();
  }

  @Test
  void wakesAJobWhoseWaitIsOver() {
    var job = seed.job("parsed", 1);
    set(job, "wait_reason = 'outage', wait_until = clock_timestamp() - interval '1 second'");
    sweepOnce.sweep();
    assertThat(sqs.sentTo("validate")).hasSize(1);
    assertThat(column(job, "wait_reason")).isEqualTo("null");
  }

  @Test
  void sendsAgainAtDoublingIntervalsWhatIsLostSinceItsQueueIsEmpty() {
    var job = seed.job("parsed", 1);
    set(job, "status_changed_at = clock_timestamp() - interval '16 minutes'");
    sweepOnce.sweep();
    assertThat(sqs.sentTo("validate")).hasSize(1);

    sqs.forget();
    set(
        job,
        "resent_at = clock_timestamp() - interval '20 minutes',"
            + " status_changed_at = clock_timestamp() - interval '50 minutes'");
    sweepOnce.sweep();
    assertNothingSent();
    set(job, "resent_at = clock_timestamp() - interval '31 minutes'");
    sweepOnce.sweep();
    assertThat(sqs.sentTo("validate")).hasSize(1);
  }

  @Test
  void aJobBehindABacklogIsStarvedAndNotLost() {
    var job = seed.job("parsed", 1);
    set(job, "status_changed_at = clock_timestamp() - interval '3 hours'");
    var embedding = seed.job("embedding_in_progress", 1);
    setBatch(
        seed.batch(embedding, 0, 0, List.of("a")),
        "created_at = clock_timestamp() - interval '3 hours'");
    set(embedding, "status_changed_at = clock_timestamp() - interval '3 hours'");
    sqs.put("validate", "waiting");
    sqs.put("embed", "waiting");
    sweepOnce.sweep();
    assertThat(sqs.sentTo("validate")).containsExactly("waiting");
    assertThat(sqs.sentTo("embed")).containsExactly("waiting");
  }

  @Test
  void looksForBytesWhoseEventIsLost() {
    var job = seed.job("uploaded", 1);
    set(job, "received_at = null, status_changed_at = clock_timestamp() - interval '20 minutes'");
    sweepOnce.sweep();
    assertThat(sqs.sentTo("parse")).singleElement().asString().contains("SUBMIT");
  }

  @ParameterizedTest
  @CsvSource({
    "parse_queued, failed_parse, parse",
    "parsed, failed_parse, validate",
    "chunking, failed_chunking, chunk",
    "embeddings_stored, failed_embedding, finalize"
  })
  void failsAJobWhoseLastAttemptDied(String status, String failed, String stage) {
    var job = seed.job(status, 1);
    lease(job, "-1 second");
    set(job, "attempts = 4, claimed_message_id = 'm-4'");

    assertThat(sweepOnce.sweep()).containsEntry("jobs_out_of_attempts", 1L);

    assertThat(seed.status(job)).isEqualTo(failed);
    assertThat(column(job, "last_error ->> 'code'")).isEqualTo("attempts_exhausted");
    assertThat(column(job, "last_error ->> 'stage'")).isEqualTo(stage);
    assertThat(column(job, "failed_message_id")).isEqualTo("m-4");
    assertNothingSent();
  }

  @Test
  void failsAJobOneOfWhoseBatchesDiedAtItsLastAttempt() {
    var job = seed.job("embedding_in_progress", 2);
    seed.batch(job, 0, 0, List.of("a"));
    setBatch(
        seed.batch(job, 1, 1, List.of("b")),
        "attempts = 4, claimed_message_id = 'm-4', lease_token = gen_random_uuid(),"
            + " leased_until = clock_timestamp() - interval '1 second'");

    assertThat(sweepOnce.sweep()).containsEntry("jobs_out_of_attempts", 1L);

    assertThat(seed.status(job)).isEqualTo("failed_embedding");
    assertThat(column(job, "failed_message_id")).isEqualTo("m-4");
  }

  @Test
  void doesNotWakeWhatANewerGenerationOrADeletionHasEnded() {
    var old = seed.job("parsed", 1);
    set(old, "emit_due_at = clock_timestamp() - interval '1 second'");
    seed.supersede(old);
    var deleted = seed.job("parsed", 1);
    set(deleted, "emit_due_at = clock_timestamp() - interval '1 second'");
    database.ask(
        "update documents set deleted_at = now() where document_id = ?", deleted.documentId());

    sweepOnce.sweep();
    assertNothingSent();
  }

  @Test
  void sendsTheBatchesAgainWhoseFunctionDiedOrWhoseWaitIsOver() {
    var job = seed.job("embedding_in_progress", 4);
    var died = seed.batch(job, 0, 0, List.of("a"));
    var waited = seed.batch(job, 1, 1, List.of("b"));
    var forgotten = seed.batch(job, 2, 2, List.of("c"));
    var working = seed.batch(job, 3, 3, List.of("d"));
    setBatch(
        died,
        "lease_token = gen_random_uuid(), leased_until = clock_timestamp() - interval '1 second'");
    setBatch(waited, "wait_until = clock_timestamp() - interval '1 second'");
    setBatch(forgotten, "created_at = clock_timestamp() - interval '2 hours'");
    var unsent = seed.batch(job, 4, 4, List.of("e"));
    setBatch(unsent, "emit_due_at = clock_timestamp() - interval '1 second'");
    setBatch(
        working,
        "lease_token = gen_random_uuid(), leased_until = clock_timestamp() + interval '1 minute'");

    assertThat(sweepOnce.sweep()).containsEntry("batches_woken", 4L);

    assertThat(sqs.sentTo("embed"))
        .hasSize(4)
        .anySatisfy(body -> assertThat(body).contains(unsent.toString()))
        .anySatisfy(body -> assertThat(body).contains(died.toString()).contains("\"batch_no\":0"))
        .anySatisfy(body -> assertThat(body).contains(waited.toString()))
        .anySatisfy(body -> assertThat(body).contains(forgotten.toString()));
    assertThat(
            database.ask(
                "select lease_token is null and emit_due_at is null and resent_at is not null from"
                    + " embedding_batches where batch_id = ?",
                forgotten))
        .isEqualTo("t");
    sqs.forget();
    assertThat(sweepOnce.sweep()).containsEntry("batches_woken", 0L);
  }

  @Test
  void aBatchThatSqsRefusedIsDueAgainInAMinute() {
    var job = seed.job("embedding_in_progress", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    setBatch(batch, "wait_until = clock_timestamp() - interval '1 second'");
    sqs.refuseOfNextBatch(1);
    assertThatThrownBy(() -> sweepOnce.sweep()).hasMessage("a task of the sweep broke");
    assertThat(
            database.ask(
                "select emit_due_at between clock_timestamp() and clock_timestamp() + interval '1"
                    + " minute' from embedding_batches where batch_id = ?",
                batch))
        .isEqualTo("t");
  }

  @Test
  void sendsForACallbackWhoseMessageWasNotSent() {
    var job = seed.job("parse_queued", 1);
    delivered(job, "n-1", "2 minutes");
    var fresh = seed.job("parse_queued", 1);
    delivered(fresh, "n-2", "1 second");
    var past = seed.job("parsed", 1);
    delivered(past, "n-3", "2 minutes");

    assertThat(sweepOnce.sweep()).containsEntry("deliveries_sent", 2L);

    assertThat(sqs.sentTo("parse"))
        .singleElement()
        .asString()
        .contains(job.jobId().toString())
        .contains("COLLECT");
    assertThat(
            database.ask("select string_agg(nonce, ',') from webhook_log where emitted_at is null"))
        .isEqualTo("n-2");
    database.ask("update webhook_log set emitted_at = now()");
  }

  @Test
  void endsJobsWhoseBytesNeverCame() {
    var job = seed.job("uploaded", 1);
    set(job, "received_at = null, created_at = clock_timestamp() - interval '25 hours'");
    var young = seed.job("uploaded", 1);
    set(young, "received_at = null, created_at = clock_timestamp() - interval '23 hours'");

    assertThat(sweepOnce.sweep()).containsEntry("overdue_jobs_failed", 1L);

    assertThat(seed.status(job)).isEqualTo("failed_parse");
    assertThat(column(job, "last_error ->> 'code'")).isEqualTo("upload_expired");
    assertThat(seed.status(young)).isEqualTo("uploaded");
    assertNothingSent();
  }

  @Test
  void endsJobsThatTheParserNeverFinished() {
    var job = seed.job("parse_queued", 1);
    set(job, "status_changed_at = clock_timestamp() - interval '3 hours'");

    assertThat(sweepOnce.sweep()).containsEntry("overdue_jobs_failed", 1L);

    assertThat(column(job, "last_error ->> 'code'")).isEqualTo("parse_timeout");
    assertThat(
            database.ask(
                "select to_status || detail::text from job_events where job_id = ? order by"
                    + " event_id desc limit 1",
                job.jobId()))
        .contains("failed_parse")
        .contains("parse_timeout");
  }

  /** A provider that is away, a key or money that is missing have an end of their own. */
  @ParameterizedTest
  @ValueSource(strings = {"parse_unauthorized", "parse_unavailable", "paused", "budget_day"})
  void doesNotEndAsTheParsersWhatTheParserDoesNotHave(String reason) {
    var job = seed.job("parse_queued", 1);
    set(
        job,
        "status_changed_at = clock_timestamp() - interval '5 hours', wait_until = now() + '1 min',"
            + " wait_reason = '"
            + reason
            + "'");

    assertThat(sweepOnce.sweep()).containsEntry("overdue_jobs_failed", 0L);

    assertThat(seed.status(job)).isEqualTo("parse_queued");
  }

  /** Any of the messages that wait may be the job's own. */
  @Test
  void endsNothingBehindABacklog() {
    var upload = seed.job("uploaded", 1);
    set(upload, "received_at = null, created_at = clock_timestamp() - interval '25 hours'");
    var parse = seed.job("parse_queued", 1);
    set(parse, "status_changed_at = clock_timestamp() - interval '3 hours'");
    sqs.put("parse", "waiting");

    assertThat(sweepOnce.sweep()).containsEntry("overdue_jobs_failed", 0L);

    assertThat(seed.status(upload)).isEqualTo("uploaded");
    assertThat(seed.status(parse)).isEqualTo("parse_queued");
    sqs.forget();
    assertThat(sweepOnce.sweep()).containsEntry("overdue_jobs_failed", 2L);
  }

  @Test
  void closesCallsOfWhichNobodyToldHowTheyEnded() {
    var user = UUID.randomUUID();
    call(user, "2 hours");
    call(user, "10 minutes");

    assertThat(sweepOnce.sweep()).containsEntry("calls_closed_as_unknown", 1L);

    assertThat(
            database.ask(
                """
                select string_agg(concat_ws('/', state, outcome, cost_nanousd), ',' order by started_at)
                from provider_calls
                where user_id = ?
                """,
                user))
        .isEqualTo("unknown/never_settled/500,started/500");
  }

  /** A reservation holds its document's account and wants its tenant's, as the ledger does. */
  @Test
  void closingCallsOfTwoDocumentsHoldsNoTenantsAccountUp() throws Exception {
    var user = UUID.randomUUID();
    var jobs = new ArrayList<JobRef>();
    for (int i = 0; i < 2; i++) {
      jobs.add(seed.job(JobRef.of(user, UUID.randomUUID(), 1), "parse_queued", 1));
      callOf(jobs.getLast(), "%08x-0000-4000-8000-000000000000".formatted(i));
    }
    try (var reservation = database.superuser().connect();
        var sweeping = Executors.newSingleThreadExecutor()) {
      reservation.setAutoCommit(false);
      lockAccount(reservation, "document", jobs.getLast().documentId());
      var swept = sweeping.submit(sweepOnce::sweep);
      await(() -> "t".equals(database.ask(SOMEBODY_WAITS)));
      lockAccount(reservation, "tenant", user);
      reservation.commit();
      assertThat(swept.get()).containsEntry("calls_closed_as_unknown", 2L);
    }
  }

  private static final String SOMEBODY_WAITS =
      """
      select exists (
        select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database())
      """;

  private static void callOf(JobRef job, String id) {
    database.ask(
        """
        insert into provider_calls
          (call_id, user_id, job_id, provider, operation, model, cost_nanousd, started_at)
        values (?::uuid, ?, ?, 'openai', 'embed', 'm', 500, clock_timestamp() - interval '2 hours')
        """,
        id,
        job.userId(),
        job.jobId());
  }

  private static void lockAccount(Connection connection, String scope, UUID id)
      throws SQLException {
    try (var lock =
        connection.prepareStatement(
            "select 1 from budgets where scope = ? and scope_id = ? for update")) {
      lock.setString(1, scope);
      lock.setString(2, id.toString());
      assertThat(lock.executeQuery().next()).isTrue();
    }
  }

  private static void await(BooleanSupplier condition) {
    var until = Instant.now().plusSeconds(20);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("still waiting").isBefore(until);
      Thread.onSpinWait();
    }
  }

  @Test
  void oneBrokenTaskDoesNotKeepTheOthersFromTheirs() {
    var job = seed.job("parsed", 1);
    set(job, "emit_due_at = clock_timestamp() - interval '1 second'");
    var user = UUID.randomUUID();
    call(user, "2 hours");
    sqs.setDown(true);

    assertThatThrownBy(() -> sweepOnce.sweep()).isInstanceOf(IllegalStateException.class);

    assertThat(database.ask("select state from provider_calls where user_id = ?", user))
        .isEqualTo("unknown");
  }

  @Test
  void takesMoreThanOneRoundWhereMuchIsDue() {
    database.ask(
        """
        insert into provider_calls
          (call_id, user_id, provider, operation, model, cost_nanousd, started_at)
        select gen_random_uuid(), gen_random_uuid(), 'openai', 'embed', 'm', 1,
               clock_timestamp() - interval '2 hours'
        from generate_series(1, 250)
        """);
    assertThat(sweepOnce.sweep()).containsEntry("calls_closed_as_unknown", 250L);
  }

  private static void assertNothingSent() {
    for (var queue : List.of("parse", "validate", "chunk", "embed", "finalize")) {
      assertThat(sqs.sentTo(queue)).isEmpty();
    }
  }

  private static void lease(JobRef job, String rest) {
    set(
        job,
        "lease_token = gen_random_uuid(), leased_until = clock_timestamp() + interval '"
            + rest
            + "'");
  }

  private static void set(JobRef job, String assignments) {
    database.ask("update upload_jobs set " + assignments + " where job_id = ?", job.jobId());
  }

  private static void setBatch(UUID batch, String assignments) {
    database.ask("update embedding_batches set " + assignments + " where batch_id = ?", batch);
  }

  @Test
  void saysAgainThatAParserFailedWhichCannotBeAsked() {
    var job = seed.job("parse_queued", 1);
    delivered(job, "n-1", "2 minutes");
    database.ask("update webhook_log set event_type = 'parser.failed' where nonce = 'n-1'");

    assertThat(sweepOnce.sweep()).containsEntry("deliveries_sent", 1L);

    assertThat(sqs.sentTo("parse"))
        .singleElement()
        .asString()
        .contains(job.jobId().toString())
        .contains("\"parser_failed\":true");
  }

  private static String column(JobRef job, String expression) {
    return String.valueOf(
        database.ask("select " + expression + " from upload_jobs where job_id = ?", job.jobId()));
  }

  private static void delivered(JobRef job, String nonce, String age) {
    database.ask(
        "insert into webhook_log (job_id, nonce, user_id, event_type, outcome, source, received_at)"
            + " values (?, ?, ?, 'parse.success', 'accepted', 'llamaparse', clock_timestamp() -"
            + " cast(? as interval))",
        job.jobId(),
        nonce,
        job.userId(),
        age);
  }

  private static void call(UUID user, String age) {
    database.ask(
        "insert into provider_calls (call_id, user_id, provider, operation, model, cost_nanousd,"
            + " started_at) values (gen_random_uuid(), ?, 'openai', 'embed', 'm', 500,"
            + " clock_timestamp() - cast(? as interval))",
        user,
        age);
  }
}
