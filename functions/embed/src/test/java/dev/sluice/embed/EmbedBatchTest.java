package dev.sluice.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.sluice.document.DocumentIds;
import dev.sluice.document.Hashes;
import dev.sluice.document.JobRef;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.LambdaCall;
import dev.sluice.fixture.ScriptedProvider;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.fixture.TestQueues;
import dev.sluice.localstack.TestServers;
import dev.sluice.message.EmbedMessage;
import dev.sluice.message.Invocation;
import dev.sluice.postgres.WriteRefused;
import dev.sluice.stage.Outcome;
import dev.sluice.stage.StageRunner;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("servers")
class EmbedBatchTest {
  private static final Invocation INVOCATION =
      new Invocation(UUID.randomUUID(), "m-1", 1, () -> Duration.ofSeconds(60));

  private static TestDatabase database;
  private static ScriptedProvider provider;
  private static ApplicationContext context;
  private static EmbedBatch embedBatch;
  private static TestQueues sqs;
  private static Seed seed;

  @BeforeAll
  static void start() {
    database = TestServers.database();
    provider = ScriptedProvider.start();
    context =
        FunctionContext.start(
            database,
            TestServers.environment(
                "embed", database.password(), Map.of("OPENAI_URL", provider.url().toString())));
    embedBatch = context.getBean(EmbedBatch.class);
    sqs = TestQueues.of(context);
    seed = new Seed(database);
  }

  @AfterAll
  static void stop() {
    context.close();
    provider.close();
    database.close();
  }

  @BeforeEach
  void forget() {
    provider.reset();
    Seed.forgetLimits(database);
    sqs.forget();
  }

  @Test
  void storesAVectorForEveryChunkAndBuysEachTextOnce() {
    var job = seed.job("embedding_queued", 3);
    var batch = seed.batch(job, 0, 0, List.of("first", "second text", "first"));

    assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
        .isInstanceOf(Outcome.Advanced.class);

    assertThat(provider.asked())
        .containsExactly(List.of("Policy > Cover\n\nfirst", "Policy > Cover\n\nsecond text"));
    assertThat(vectorSha(job, 0)).isEqualTo(vectorSha(job, 2)).isEqualTo(shaOf("first"));
    assertThat(vectorSha(job, 1)).isEqualTo(shaOf("second text"));
    assertThat(database.ask("select state from embedding_batches where batch_id = ?", batch))
        .isEqualTo("done");
    assertThat(seed.status(job)).isEqualTo("embeddings_stored");
    assertThat(sqs.sentTo("finalize"))
        .singleElement()
        .asString()
        .contains(job.jobId().toString())
        .contains("\"correlation_id\":\"c-1\"");
  }

  @Test
  void settlesTheCallWithWhatTheProviderCounted() {
    var job = seed.job("embedding_queued", 2);
    var batch = seed.batch(job, 0, 0, List.of("a", "b"));

    embedBatch.run(message(job, 0, batch), INVOCATION);

    // 14 tokens at $0.02 a million are 280 nano-dollars.
    assertThat(ledger(job)).isEqualTo("settled/ok/14/280/req_1");
    assertThat(database.ask("select cost_nanousd from embedding_batches where batch_id = ?", batch))
        .isEqualTo("280");
  }

  @Test
  void sendsTheJobOnOnlyWhenNoBatchIsOpen() {
    var job = seed.job("chunks_stored", 2);
    var first = seed.batch(job, 0, 0, List.of("a"));
    var second = seed.batch(job, 1, 1, List.of("b"));

    embedBatch.run(message(job, 0, first), INVOCATION);
    assertThat(seed.status(job)).isEqualTo("embedding_in_progress");
    assertThat(sqs.sentTo("finalize")).isEmpty();

    embedBatch.run(message(job, 1, second), INVOCATION);
    assertThat(seed.status(job)).isEqualTo("embeddings_stored");
    assertThat(sqs.sentTo("finalize")).hasSize(1);
  }

  @Test
  void buysNothingForABatchThatIsDoneAndSendsOnOnlyWhileTheJobStandsThere() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    embedBatch.run(message(job, 0, batch), INVOCATION);
    provider.reset();

    assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
        .isInstanceOf(Outcome.AlreadyDone.class);
    assertThat(sqs.sentTo("finalize")).hasSize(2);

    database.ask("update upload_jobs set status = 'complete' where job_id = ?", job.jobId());
    embedBatch.run(message(job, 0, batch), INVOCATION);
    assertThat(sqs.sentTo("finalize")).hasSize(2);
    assertThat(provider.asked()).isEmpty();
  }

  @Test
  void aBatchWhoseNextMessageWasNotSentSendsItWhenItIsRedelivered() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    sqs.setDown(true);
    assertThatThrownBy(() -> embedBatch.run(message(job, 0, batch), INVOCATION))
        .hasMessageContaining("SQS is down");
    assertThat(seed.status(job)).isEqualTo("embeddings_stored");

    sqs.setDown(false);
    embedBatch.run(message(job, 0, batch), INVOCATION);
    assertThat(sqs.sentTo("finalize")).hasSize(1);
  }

  /** A trigger cuts the connection while the job's last move commits. */
  @Test
  void aConnectionThatIsCutAtTheCommitBringsTheMessageBackSoon() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    database.ask(
        """
        create function cut() returns trigger language plpgsql security definer as $$
        begin
            perform pg_terminate_backend(pg_backend_pid());
            return null;
        end $$
        """);
    database.ask(
        """
        create constraint trigger cut after update on upload_jobs deferrable initially deferred
        for each row when (new.status = 'embeddings_stored') execute function cut()
        """);
    try {
      assertThat(isKept(message(job, 0, batch))).isTrue();
      assertThat(sqs.visibilities()).containsEntry("handle", 3);
      assertThat(seed.status(job)).isEqualTo("embedding_in_progress");
    } finally {
      database.ask("drop function cut cascade");
    }
    assertThat(isKept(message(job, 0, batch))).isFalse();
    assertThat(seed.status(job)).isEqualTo("embeddings_stored");
    assertThat(sqs.sentTo("finalize")).hasSize(1);
    assertThat(provider.asked()).hasSize(1);
  }

  @Test
  void waitsForAnotherInvocationsLease() {
    var job = seed.job("embedding_in_progress", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    database.ask(
        """
        update embedding_batches
        set lease_token = gen_random_uuid(), leased_until = clock_timestamp() + interval '40 seconds'
        where batch_id = ?
        """,
        batch);

    assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
        .isInstanceOfSatisfying(
            Outcome.Busy.class,
            busy ->
                assertThat(busy.rest()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(40)));
    assertThat(provider.asked()).isEmpty();
  }

  @Test
  void settlesTheCallEvenWhenANewerGenerationArrivesMeanwhile() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    provider.thenAfter(() -> seed.supersede(job));

    assertThatThrownBy(() -> embedBatch.run(message(job, 0, batch), INVOCATION))
        .isInstanceOf(WriteRefused.FenceLost.class);

    assertThat(vectors(job)).isEqualTo("0");
    assertThat(ledger(job)).isEqualTo("settled/result_not_stored/7/140/req_1");
  }

  @Test
  void storesNothingWhenItsLeaseWasTakenMeanwhile() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    provider.thenAfter(
        () ->
            database.ask(
                "update embedding_batches set lease_token = gen_random_uuid() where batch_id = ?",
                batch));

    assertThatThrownBy(() -> embedBatch.run(message(job, 0, batch), INVOCATION))
        .isInstanceOf(WriteRefused.LeaseLost.class);

    assertThat(vectors(job)).isEqualTo("0");
    assertThat(ledger(job)).startsWith("settled/result_not_stored/7/");
  }

  @Test
  void sitsOutALimitWithoutCountingAnAttempt() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    provider.thenRefuse(429, "rate_limit_exceeded", "retry-after-ms", "20000");

    assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
        .isEqualTo(new Outcome.Deferred(Duration.ofSeconds(20), "rate_limit"));
    assertThat(attemptsAndWait(batch)).isEqualTo("0/free/no wait");
    assertThat(ledger(job)).isEqualTo("settled/rate_limit/0/0/");
  }

  @Test
  void aLongWaitStandsInTheRow() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    provider.thenRefuse(429, "slow_down", "retry-after", "120");

    assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
        .isEqualTo(new Outcome.Deferred(Duration.ofSeconds(120), "rate_limit"));
    assertThat(attemptsAndWait(batch)).isEqualTo("0/free/waits");
  }

  @Test
  void aMessageThatHasWaitedOftenLeavesTheWaitToTheRow() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    provider.thenRefuse(429, "rate_limit_exceeded", "retry-after", "2");

    embedBatch.run(
        message(job, 0, batch),
        new Invocation(UUID.randomUUID(), "m-1", 6, () -> Duration.ofSeconds(60)));
    assertThat(attemptsAndWait(batch)).isEqualTo("0/free/waits");
  }

  @Test
  void leavesACallThatMightBeCutOffToTheNextDelivery() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));

    assertThat(
            embedBatch.run(
                message(job, 0, batch),
                new Invocation(UUID.randomUUID(), "m-1", 1, () -> Duration.ofSeconds(24))))
        .isEqualTo(new Outcome.Deferred(Duration.ofSeconds(1), "no_time_left"));
    assertThat(attemptsAndWait(batch)).isEqualTo("0/free/no wait");
    assertThat(provider.asked()).isEmpty();
  }

  @Test
  void countsASilentProviderAsAnAttemptAndGivesTheLeaseBack() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    provider.thenHangUp();

    assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("provider_silent"));
    assertThat(embedBatch.giveBack(message(job, 0, batch), INVOCATION, true)).hasValue(1);
    assertThat(attemptsAndWait(batch)).isEqualTo("1/free/no wait");
    assertThat(ledger(job)).startsWith("unknown/provider_silent/");
  }

  @Test
  void sitsOutAProvidersOutageLongerAndLonger() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    provider.thenRefuse(503, "overloaded").thenRefuse(503, "overloaded").thenRefuse(503, "o");

    assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
        .isInstanceOfSatisfying(
            Outcome.Deferred.class,
            deferred -> assertThat(deferred.delay()).isEqualTo(Duration.ofSeconds(5)));
    assertThat(attemptsAndWait(batch)).isEqualTo("0/free/no wait");

    database.ask(
        "update embedding_batches set outage_since = clock_timestamp() - interval '2 minutes'"
            + " where batch_id = ?",
        batch);
    provider.thenRefuse(503, "overloaded").thenRefuse(503, "overloaded").thenRefuse(503, "o");
    assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
        .isInstanceOfSatisfying(
            Outcome.Deferred.class,
            deferred ->
                assertThat(deferred.delay())
                    .isBetween(Duration.ofSeconds(120), Duration.ofSeconds(300)));
    assertThat(attemptsAndWait(batch)).isEqualTo("0/free/waits");
  }

  @ParameterizedTest
  @CsvSource({
    "429, insufficient_quota, provider_insufficient_quota",
    "429, credit_balance_exhausted, provider_credit_balance_exhausted",
    "401, invalid_api_key, provider_key",
    "404, model_not_found, provider_model"
  })
  void whatOnlyAPersonCanMendIsWaitedForAndAskedByOneAtATime(int status, String code, String why) {
    var job = seed.job("embedding_queued", 2);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    var other = seed.batch(job, 1, 1, List.of("b"));
    provider.thenRefuse(status, code);

    assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
        .isEqualTo(new Outcome.Deferred(Duration.ofSeconds(5), why));
    assertThat(embedBatch.run(message(job, 1, other), INVOCATION))
        .isEqualTo(new Outcome.Deferred(Duration.ofSeconds(5), why));
    assertThat(provider.asked()).as("the other is not even tried").hasSize(1);
    assertThat(ledger(job)).isEqualTo("settled/" + why + "/0/0/");

    database.ask("update rate_buckets set paused_until = clock_timestamp()");
    assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
        .isInstanceOf(Outcome.Advanced.class);
    assertThat(embedBatch.run(message(job, 1, other), INVOCATION))
        .isInstanceOf(Outcome.Advanced.class);
  }

  @Test
  void aRequestThatIsTooLargeIsSplitAndBothHalvesAreSent() {
    var job = seed.job("embedding_queued", 4);
    var batch = seed.batch(job, 0, 0, List.of("a", "b", "a", "c"));
    provider.thenRefuse(400, "max_tokens_per_request");

    assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
        .isInstanceOf(Outcome.Advanced.class);

    assertThat(batches(job)).isEqualTo("0 split 3, 1 planned 1, 2 planned 2");
    assertThat(sqs.sentTo("embed")).hasSize(2);
    assertThat(database.ask("select count(*) from embedding_batches where emit_due_at is not null"))
        .isEqualTo("0");
    assertThat(embedBatch.run(message(job, 1), INVOCATION)).isInstanceOf(Outcome.Advanced.class);
    assertThat(embedBatch.run(message(job, 2), INVOCATION)).isInstanceOf(Outcome.Advanced.class);
    assertThat(vectors(job)).isEqualTo("4");
    assertThat(seed.status(job)).isEqualTo("embeddings_stored");
    assertThat(database.ask("select largest_request from rate_buckets")).isEqualTo("8191");
  }

  @Test
  void aTextThatTheProviderRefusesAloneGoesWithoutAVectorAndTheOthersHaveTheirs() {
    var job = seed.job("embedding_queued", 2);
    var batch = seed.batch(job, 0, 0, List.of("good", "bad"));
    provider.thenRefuse(400, "invalid_input");
    embedBatch.run(message(job, 0, batch), INVOCATION);
    embedBatch.run(message(job, 1), INVOCATION);
    provider.thenRefuse(400, "invalid_input");
    embedBatch.run(message(job, 2), INVOCATION);

    assertThat(seed.status(job)).isEqualTo("embeddings_stored");
    assertThat(vectors(job)).isEqualTo("1");
    assertThat(
            database.ask(
                "select string_agg(text || ' ' || unembeddable, ',') from document_chunk_buffer"
                    + " where document_id = ? and unembeddable is not null",
                job.documentId()))
        .isEqualTo("bad provider_refused");
    assertThat(sqs.sentTo("finalize")).hasSize(1);
  }

  @Test
  void aLateSplitDoesNothing() {
    var job = seed.job("embedding_queued", 2);
    var batch = seed.batch(job, 0, 0, List.of("a", "b"));
    provider.then(
        (exchange, texts) -> {
          seed.supersede(job);
          exchange.sendResponseHeaders(413, -1);
          exchange.close();
        });
    assertThatThrownBy(() -> embedBatch.run(message(job, 0, batch), INVOCATION))
        .isInstanceOf(WriteRefused.FenceLost.class);
    assertThat(batches(job)).isEqualTo("0 planned 2");
    assertThat(sqs.sentTo("embed")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"document", "tenant", "day"})
  void aJobOverItsBudgetWaitsAndGoesOnWhenTheBudgetDoes(String scope) {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    // Five tokens at $0.02 a million are 100 nano-dollars.
    database.ask("update spending set " + scope + "_limit = 99");
    try {
      assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
          .isEqualTo(new Outcome.Deferred(Duration.ofMinutes(5), "budget_" + scope));
      assertThat(attemptsAndWait(batch)).isEqualTo("0/free/waits");
      assertThat(
              database.ask("select wait_reason from embedding_batches where batch_id = ?", batch))
          .isEqualTo("budget_" + scope);
      assertThat(provider.asked()).isEmpty();
      assertThat(ledger(job)).isEqualTo("null");
      assertThat(database.ask("select count(*) from rate_buckets"))
          .as("no turn is used up")
          .isEqualTo("0");

      database.ask("update spending set " + scope + "_limit = 100");
      assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
          .isInstanceOf(Outcome.Advanced.class);
      // The provider counted seven.
      assertThat(account(job, scope)).isEqualTo("0/140");
    } finally {
      database.ask("update spending set " + scope + "_limit = null");
    }
  }

  /** The budget looked well, and others spent it before the call was written down. */
  @Test
  void aCallThatTheLedgerRefusesGivesItsTurnBack() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    provider.thenRefuse(401, "invalid_api_key");
    embedBatch.run(message(job, 0, batch), INVOCATION);
    database.ask("update rate_buckets set paused_until = clock_timestamp()");
    database.ask(
        """
        create function spent() returns trigger language plpgsql as $$
        begin
            raise exception 'tenant' using errcode = 'SL001';
        end $$
        """);
    database.ask(
        "create trigger spent before insert on provider_calls"
            + " for each row execute function spent()");
    try {
      assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
          .isEqualTo(new Outcome.Deferred(Duration.ofMinutes(5), "budget_tenant"));
    } finally {
      database.ask("drop function spent cascade");
    }
    assertThat(database.ask("select max(used) < 6 from rate_shares")).isEqualTo("t");
    assertThat(database.ask("select paused_until <= clock_timestamp() from rate_buckets"))
        .as("another may try the provider")
        .isEqualTo("t");
  }

  @Test
  void anAccountsOwnLimitGoesBeforeItsScopesAndAFailedCallCostsNothing() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    database.ask(
        "insert into budgets (user_id, scope, scope_id, limit_nanousd) values (?, 'tenant', ?, 50)",
        job.userId(),
        job.userId().toString());
    assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
        .isEqualTo(new Outcome.Deferred(Duration.ofMinutes(5), "budget_tenant"));

    database.ask("update budgets set limit_nanousd = 500 where user_id = ?", job.userId());
    provider.thenRefuse(429, "slow_down", "retry-after", "1");
    embedBatch.run(message(job, 0, batch), INVOCATION);
    assertThat(account(job, "tenant")).isEqualTo("0/0");
    Seed.forgetLimits(database);
    provider.thenHangUp();
    embedBatch.run(message(job, 0, batch), INVOCATION);
    assertThat(account(job, "tenant")).as("perhaps paid").isEqualTo("0/100");
  }

  @Test
  void nothingIsBoughtWhilePaidCallsArePaused() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    database.ask("update spending set paused = true");
    try {
      assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
          .isEqualTo(new Outcome.Deferred(Duration.ofMinutes(5), "paused"));
      assertThat(provider.asked()).isEmpty();
    } finally {
      database.ask("update spending set paused = false");
    }
  }

  @Test
  void refusesABatchWithoutTexts() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    database.ask("update document_chunk_buffer set batch_id = null where batch_id = ?", batch);

    assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            rejected -> assertThat(rejected.code()).isEqualTo("incomplete"));
  }

  @Test
  void ignoresAMessageOfBeforeARetryAndOneOfAJobThatFailed() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    assertThat(embedBatch.run(new EmbedMessage(job, batch, 0, 3, "c-1"), INVOCATION))
        .isEqualTo(new Outcome.AlreadyDone("a retry has made the message stale"));

    database.ask(
        """
        update upload_jobs
        set status = 'failed_embedding', last_error = '{"code": "x", "message": "y", "stage": "embed"}'
        where job_id = ?
        """,
        job.jobId());
    assertThat(embedBatch.run(message(job, 0, batch), INVOCATION))
        .isEqualTo(new Outcome.AlreadyDone("the job is failed_embedding"));
    assertThat(embedBatch.run(message(job, 7, UUID.randomUUID()), INVOCATION))
        .isEqualTo(new Outcome.AlreadyDone("the batch is gone"));
    assertThat(provider.asked()).isEmpty();
  }

  @Test
  void leavesARowThatHoldsTheSameVectorUntouched() {
    var job = seed.job("embedding_queued", 1);
    var batch = seed.batch(job, 0, 0, List.of("a"));
    embedBatch.run(message(job, 0, batch), INVOCATION);
    var before = rowVersion(job);
    database.ask(
        "update upload_jobs set status = 'failed_embedding', last_error ="
            + " '{\"code\": \"x\", \"message\": \"y\", \"stage\": \"embed\"}' where job_id = ?",
        job.jobId());
    database.ask("update upload_jobs set status = 'chunks_stored' where job_id = ?", job.jobId());
    database.ask(
        "update embedding_batches set state = 'planned', done_at = null where batch_id = ?", batch);

    embedBatch.run(message(job, 0, batch), INVOCATION);

    assertThat(rowVersion(job)).isEqualTo(before);
    assertThat(seed.status(job)).isEqualTo("embeddings_stored");
  }

  private static EmbedMessage message(JobRef job, int batchNo, UUID batch) {
    return new EmbedMessage(job, batch, batchNo, 0, "c-1");
  }

  /** Whether SQS is to keep the message. */
  private static boolean isKept(EmbedMessage message) {
    var delivered = new SQSMessage();
    delivered.setMessageId("m-1");
    delivered.setReceiptHandle("handle");
    delivered.setAttributes(Map.of("ApproximateReceiveCount", "1", "SentTimestamp", "0"));
    delivered.setMessageAttributes(Map.of());
    var event = new SQSEvent();
    event.setRecords(List.of(delivered));
    return !context
        .getBean(StageRunner.class)
        .run(event, LambdaCall.context(), embedBatch, any -> List.of(message))
        .getBatchItemFailures()
        .isEmpty();
  }

  private static EmbedMessage message(JobRef job, int batchNo) {
    return message(job, batchNo, DocumentIds.batch(job.jobId(), batchNo));
  }

  private static String batches(JobRef job) {
    return String.valueOf(
        database.ask(
            """
            select string_agg(concat_ws(' ', batch_no, state, texts), ', ' order by batch_no)
            from embedding_batches
            where job_id = ?
            """,
            job.jobId()));
  }

  /** Reserved and spent, in nano-dollars. */
  private static String account(JobRef job, String scope) {
    return String.valueOf(
        database.ask(
            "select reserved_nanousd || '/' || spent_nanousd from budgets where user_id = ? and"
                + " scope = ?",
            job.userId(),
            scope));
  }

  private static String shaOf(String text) {
    return Hashes.ofVector(ScriptedProvider.vector("Policy > Cover\n\n" + text));
  }

  private static String vectorSha(JobRef job, int ordinal) {
    return String.valueOf(
        database.ask(
            """
            select v.vector_sha
            from document_vector_buffer v
            join document_chunk_buffer c on c.chunk_id = v.chunk_id
            where c.document_id = ? and c.chunk_ord = ?
            """,
            job.documentId(),
            ordinal));
  }

  private static String vectors(JobRef job) {
    return String.valueOf(
        database.ask(
            "select count(*) from document_vector_buffer where document_id = ?", job.documentId()));
  }

  private static String rowVersion(JobRef job) {
    return String.valueOf(
        database.ask(
            "select xmin || '/' || ctid from document_vector_buffer where document_id = ?",
            job.documentId()));
  }

  private static String ledger(JobRef job) {
    return String.valueOf(
        database.ask(
            """
            select concat_ws('/', state, outcome, tokens, cost_nanousd, coalesce(request_id, ''))
            from provider_calls
            where job_id = ?
            """,
            job.jobId()));
  }

  private static String attemptsAndWait(UUID batch) {
    return String.valueOf(
        database.ask(
            """
            select attempts || '/' || case when lease_token is null then 'free' else 'leased' end
                || '/' || case when wait_until is null then 'no wait' else 'waits' end
            from embedding_batches
            where batch_id = ?
            """,
            batch));
  }
}
