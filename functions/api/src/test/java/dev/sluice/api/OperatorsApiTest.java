package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.document.DocumentIds;
import dev.sluice.document.Hashes;
import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.fixture.TestQueues;
import dev.sluice.localstack.TestServers;
import io.micronaut.context.ApplicationContext;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cancel, delete and retry, and what a job shows of its waiting. */
@Tag("servers")
class OperatorsApiTest {
  private static final String SHA = Hashes.ofText("bytes");

  private static TestDatabase database;
  private static ApplicationContext context;
  private static Calls calls;
  private static Seed seed;
  private static TestQueues sqs;

  private final UUID user = UUID.randomUUID();

  @BeforeAll
  static void start() {
    database = TestServers.database();
    context =
        FunctionContext.start(
            database,
            TestServers.environment(
                "api", database.password(), Map.of("OPENAI_URL", "http://127.0.0.1:1/")));
    calls = new Calls(context);
    seed = new Seed(database);
    sqs = TestQueues.of(context);
  }

  @AfterAll
  static void stop() {
    context.close();
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "uploaded",
        "parse_queued",
        "parsed",
        "parse_validated",
        "chunking",
        "chunks_stored",
        "embedding_queued",
        "embedding_in_progress",
        "embeddings_stored"
      })
  void cancelsAJobWhereverItStands(String status) {
    var job = mine(status, 1);
    var batch = seed.batch(job, 0, 0, List.of("one"));
    lease(job, batch);

    var answer = cancel(job);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .containsEntry("status", "cancelled")
        .containsEntry("job_id", job.jobId().toString())
        .containsEntry("wait_reason", null)
        .containsEntry("error", null);
    assertThat(row(job)).contains("\"lease_token\":null").contains("\"emit_due_at\":null");
    assertThat(
            database.ask(
                "select concat(lease_token, leased_until) from embedding_batches where job_id = ?",
                job.jobId()))
        .as("vectors that are on their way are not stored any more")
        .isEmpty();
    assertThat(acts(job)).isEqualTo("cancel/" + user + "/corr-1");
  }

  @ParameterizedTest
  @CsvSource({
    "complete, job_complete",
    "cancelled, job_cancelled",
    "failed_parse, job_failed",
    "failed_chunking, job_failed",
    "failed_embedding, job_failed"
  })
  void saysWhatAJobIsThatCannotBeCancelledAndChangesNothing(String status, String code) {
    var job = ended(status);
    var before = row(job);

    assertProblem(cancel(job), 409, code);

    assertThat(row(job)).isEqualTo(before);
    assertThat(acts(job)).isNull();
  }

  @Test
  void cancelsOnce() {
    var job = mine("parsed", 1);
    assertThat(cancel(job).status()).isEqualTo(200);
    var before = row(job);
    assertProblem(cancel(job), 409, "job_cancelled");
    assertThat(row(job)).isEqualTo(before);
    assertThat(acts(job)).isEqualTo("cancel/" + user + "/corr-1");
  }

  @Test
  void cancelsTheLatestGenerationAlone() {
    var first = mine("complete", 1);
    var second = seed.job(JobRef.of(user, first.documentId(), 2), "chunking", 1);
    assertThat(cancel(first).body()).containsEntry("generation", 2);
    assertThat(seed.status(first)).isEqualTo("complete");
    assertThat(seed.status(second)).isEqualTo("cancelled");
  }

  @Test
  void doesNotCancelOrDeleteWhatIsUnknownOrAnotherTenants() {
    var foreign = seed.job("parsed", 1);
    var before = row(foreign);
    assertProblem(cancel(foreign), 404, "unknown_document");
    assertProblem(delete(foreign.documentId()), 404, "unknown_document");
    assertProblem(delete(UUID.randomUUID()), 404, "unknown_document");
    assertProblem(call("DELETE", "/documents/no-uuid", null), 400, "malformed_request");
    assertThat(row(foreign)).isEqualTo(before);
  }

  @Test
  void nobodySeesADeletedDocumentAnyMore() {
    var job = mine("complete", 1);
    seed.batch(job, 0, 0, List.of("one"));

    var answer = delete(job.documentId());

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertProblem(get("/documents/" + job.documentId()), 404, "unknown_document");
    assertProblem(get("/jobs/" + job.documentId()), 404, "unknown_document");
    assertThat(get("/jobs").objects("jobs")).isEmpty();
    assertThat(document(job, "active_generation")).isNull();
    assertProblem(delete(job.documentId()), 404, "unknown_document");
    assertProblem(cancel(job), 404, "unknown_document");
    assertThat(acts(job)).isEqualTo("delete/" + user + "/corr-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"uploaded", "parse_queued", "chunking", "embedding_in_progress"})
  void aDeletionEndsWhatIsInFlightAndFencesItOff(String status) {
    var job = mine(status, 1);
    lease(job, seed.batch(job, 0, 0, List.of("one")));

    delete(job.documentId());

    assertThat(seed.status(job)).isEqualTo("cancelled");
    assertThat(row(job)).contains("\"lease_token\":null").contains("document_deleted");
    assertThat(document(job, "current_generation || '/' || next_generation")).isEqualTo("2/3");
  }

  @Test
  void theAuditTrailAndTheLedgerOutliveADocumentAndItsWordsDoNot() {
    var job = mine("parsed", 1);
    fail(job, "failed_parse", "The page says Confidential.");
    database.ask(
        """
        insert into provider_calls
          (call_id, user_id, job_id, provider, operation, model, cost_nanousd)
        values (gen_random_uuid(), ?, ?, 'llamaparse', 'parse', 'm', 5)
        """,
        user,
        job.jobId());

    delete(job.documentId());

    assertThat(seed.status(job)).isEqualTo("failed_parse");
    assertThat(row(job))
        .doesNotContain("Confidential")
        .contains("encrypted")
        .contains("\"parsed_path\":null")
        .contains("\"parsed_sha256\":null");
    assertThat(document(job, "filename")).isEqualTo("(deleted)");
    assertThat(
            database.ask(
                "select string_agg(to_jsonb(e)::text, '') from job_events e where job_id = ?",
                job.jobId()))
        .doesNotContain("Confidential")
        .contains("encrypted");
    assertThat(database.ask("select count(*) from provider_calls where job_id = ?", job.jobId()))
        .isEqualTo("1");
  }

  @Test
  void everyGenerationsObjectsAreToBeDeletedNowAndOnceMore() {
    var first = mine("complete", 1);
    var second = seed.job(JobRef.of(user, first.documentId(), 2), "parsed", 1);

    delete(first.documentId());

    assertThat(keys().split("\n"))
        .containsExactlyInAnyOrder(
            StoragePath.raw(first, "pdf").key(),
            StoragePath.parserResult(first).key(),
            StoragePath.canonicalText(first).key(),
            StoragePath.raw(second, "pdf").key(),
            StoragePath.parserResult(second).key(),
            StoragePath.canonicalText(second).key());
    assertThat(
            database.ask(
                """
                select bool_and(due_at <= now() and again_at between now() + interval '50 minutes'
                  and now() + interval '70 minutes')
                from object_deletions
                where user_id = ?
                """,
                user))
        .isEqualTo("t");
    assertThat(database.ask("select count(*) from parsed_objects where user_id = ?", user))
        .isEqualTo("0");
  }

  @Test
  void theTextThatAnotherDocumentSharesStaysUntilThatOneIsDeletedToo() {
    var writer = mine("complete", 1);
    var sharer = mine("complete", 1);
    database.ask(
        """
        update upload_jobs s set parsed_sha256 = w.parsed_sha256, parsed_path = w.parsed_path
        from upload_jobs w
        where s.job_id = ? and w.job_id = ?
        """,
        sharer.jobId(),
        writer.jobId());
    var text = StoragePath.canonicalText(writer).key();

    delete(writer.documentId());
    assertThat(keys()).doesNotContain(text).contains(StoragePath.raw(writer, "pdf").key());
    assertThat(row(sharer)).contains(StoragePath.canonicalText(writer).uri());

    delete(sharer.documentId());
    assertThat(keys()).contains(text);
  }

  @Test
  void theSameBytesReviveADeletedDocumentAsTheNextGeneration() {
    var first = post();
    var documentId = UUID.fromString(first.text("document_id"));
    delete(documentId);

    var again = post();

    assertThat(again.status()).isEqualTo(201);
    assertThat(again.text("document_id"))
        .isEqualTo(DocumentIds.document(user, SHA).toString())
        .isEqualTo(first.text("document_id"));
    assertThat(again.body()).containsEntry("generation", 3);
    assertThat(get("/documents/" + documentId).body()).containsEntry("filename", "a.md");
    assertThat(get("/jobs/" + documentId).body()).containsEntry("generation", 3);
    assertThat(get("/jobs").objects("jobs"))
        .as("what was deleted does not come back with it")
        .extracting(job -> job.get("generation"))
        .containsExactly(3);
  }

  @Test
  void otherBytesDoNotReviveADeletedDocument() {
    var documentId = post().text("document_id");
    delete(UUID.fromString(documentId));
    assertProblem(
        call("POST", "/documents", announcement(Hashes.ofText("other"), documentId)),
        404,
        "unknown_document");
  }

  @Test
  void saysWhatAJobWaitsFor() {
    var turn = mine("parsed", 1);
    assertThat(show(turn)).containsEntry("wait_reason", "turn").containsEntry("wait_until", null);

    lease(turn, seed.batch(turn, 0, 0, List.of("one")));
    assertThat(show(turn)).as("it is being worked on").containsEntry("wait_reason", null);

    var parser = mine("parse_queued", 1);
    set(parser, "wait_reason = 'parser', wait_until = now() + interval '1 hour'");
    assertThat(show(parser)).containsEntry("wait_reason", "parser");
    assertThat(show(parser).get("wait_until").toString()).endsWith("Z");

    assertThat(get("/jobs/" + post().text("document_id")).body())
        .containsEntry("wait_reason", "upload")
        .hasEntrySatisfying("wait_until", until -> assertThat(until).isNotNull());
    assertThat(show(mine("complete", 1))).containsEntry("wait_reason", null);
  }

  @Test
  void aJobWhoseBatchesAllWaitForTheProviderSaysUntilWhen() {
    var job = mine("embedding_in_progress", 1);
    var batch = seed.batch(job, 0, 0, List.of("one"));
    database.ask(
        "update embedding_batches set wait_until = now() + interval '2 minutes' where batch_id = ?",
        batch);
    assertThat(show(job)).containsEntry("wait_reason", "provider");
    assertThat(show(job).get("wait_until")).isNotNull();
  }

  @Test
  void countsDoNotChangeWhenTheBuffersAreGivenUp() {
    var job = mine("complete", 2);
    set(
        job,
        """
        buffers_counted_at = now(), buffers_purged_at = now(),
        progress = progress || '{"chunks_done": 2, "embeds_done": 2, "batches_total": 1, "batches_done": 1}'
        """);
    assertThat(get("/jobs/" + job.documentId()).object("progress"))
        .containsEntry("chunks_done", 2)
        .containsEntry("embeds_done", 2)
        .containsEntry("batches_total", 1)
        .containsEntry("batches_done", 1);
    assertThat(get("/jobs/" + job.documentId()).object("receipt"))
        .containsEntry("chunks", 2)
        .containsEntry("vectors", 2);
  }

  @ParameterizedTest
  @CsvSource({
    "failed_parse, true, parsed, validate",
    "failed_parse, false, uploaded, parse",
    "failed_chunking, true, parse_validated, chunk",
    "failed_embedding, true, chunks_stored, chunk"
  })
  void retriesFromTheLastStateThatIsStored(
      String failed, boolean hasText, String resumesAt, String queue) {
    var job = ended(failed);
    seed.batch(job, 0, 0, List.of("one"));
    if (!hasText) {
      set(job, "parsed_path = null");
    }
    sqs.forget();

    var answer = retry(job);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.body())
        .containsEntry("status", resumesAt)
        .containsEntry("error", null)
        .containsEntry("wait_reason", "turn");
    assertThat(sqs.sentTo(queue))
        .singleElement()
        .asString()
        .contains(job.jobId().toString())
        .contains("\"retry_count\":1")
        .contains(Seed.CORRELATION_ID);
    assertThat(row(job)).contains("\"emit_due_at\":null").contains("\"retry_count\":1");
    assertThat(acts(job)).isEqualTo("retry/corr-1");
  }

  @Test
  void theSweepSendsWhatARetryCouldNotSend() {
    var job = ended("failed_chunking");
    sqs.forget();
    sqs.setDown(true);
    try {
      assertThat(retry(job).body()).containsEntry("status", "parse_validated");
    } finally {
      sqs.setDown(false);
    }
    assertThat(row(job)).doesNotContain("\"emit_due_at\":null");
    assertProblem(retry(job), 409, "job_running");
    assertThat(sqs.sentTo("chunk")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "complete, job_complete",
    "cancelled, job_cancelled",
    "parsed, job_running",
    "embedding_in_progress, job_running"
  })
  void saysWhatAJobIsThatCannotBeRetriedAndChangesNothing(String status, String code) {
    var job = mine(status, 1);
    var before = row(job);
    sqs.forget();

    assertProblem(retry(job), 409, code);

    assertThat(row(job)).isEqualTo(before);
    assertThat(acts(job)).isNull();
    for (var queue : List.of("parse", "validate", "chunk", "finalize")) {
      assertThat(sqs.sentTo(queue)).isEmpty();
    }
  }

  @Test
  void doesNotRetryWhatHasNoBytesOrIsDeletedSupersededOrUnknown() {
    var expired = ended("failed_parse");
    set(expired, "received_at = null");
    assertProblem(retry(expired), 409, "upload_missing");

    var superseded = ended("failed_parse");
    seed.supersede(superseded);
    assertProblem(retry(superseded), 409, "superseded");

    var deleted = ended("failed_parse");
    delete(deleted.documentId());
    var before = row(deleted);
    assertProblem(retry(deleted), 409, "document_deleted");
    assertThat(row(deleted)).isEqualTo(before);

    assertProblem(retry(seed.job("parsed", 1)), 404, "unknown_document");
  }

  @Test
  void twoRetriesAtOnceAreOne() {
    var job = ended("failed_chunking");
    sqs.forget();
    var answers =
        IntStream.range(0, 4).parallel().mapToObj(n -> retry(job).status()).sorted().toList();
    assertThat(answers).containsExactly(202, 409, 409, 409);
    assertThat(sqs.sentTo("chunk")).hasSize(1);
    assertThat(row(job)).contains("\"retry_count\":1");
  }

  private static void assertProblem(Calls.Answer answer, int status, String code) {
    assertThat(answer.body()).containsEntry("code", code).containsEntry("status", status);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.headers().get("content-type")).startsWith("application/problem+json");
  }

  private JobRef mine(String status, int chunks) {
    return seed.job(JobRef.of(user, UUID.randomUUID(), 1), status, chunks);
  }

  private JobRef ended(String status) {
    if (!status.startsWith("failed")) {
      return mine(status, 1);
    }
    var job =
        mine(
            switch (status) {
              case "failed_parse" -> "parsed";
              case "failed_chunking" -> "chunking";
              default -> "embedding_queued";
            },
            1);
    fail(job, status, "Broken.");
    return job;
  }

  private static void fail(JobRef job, String status, String message) {
    database.ask(
        """
        update upload_jobs
        set status = ?,
            last_error = jsonb_build_object('code', 'encrypted', 'message', ?::text, 'stage', 'parse')
        where job_id = ?
        """,
        status,
        message,
        job.jobId());
  }

  private static void lease(JobRef job, UUID batch) {
    set(
        job,
        "lease_token = gen_random_uuid(), leased_until = now() + interval '1 minute', emit_due_at ="
            + " now()");
    database.ask(
        """
        update embedding_batches
        set lease_token = gen_random_uuid(), leased_until = now() + interval '1 minute'
        where batch_id = ?
        """,
        batch);
  }

  private static void set(JobRef job, String assignments) {
    database.ask("update upload_jobs set " + assignments + " where job_id = ?", job.jobId());
  }

  private static String row(JobRef job) {
    return String.valueOf(
            database.ask("select to_jsonb(j) from upload_jobs j where job_id = ?", job.jobId()))
        .replace("\": ", "\":");
  }

  private static @Nullable String document(JobRef job, String expression) {
    return database.ask(
        "select " + expression + " from documents where document_id = ?", job.documentId());
  }

  private static @Nullable String acts(JobRef job) {
    return database.ask(
        """
        select string_agg(concat_ws('/', detail ->> 'act', detail ->> 'by', correlation_id), ' ')
        from job_events
        where job_id = ? and kind = 'operator'
        """,
        job.jobId());
  }

  private String keys() {
    return String.valueOf(
        database.ask(
            "select string_agg(object_key, E'\\n') from object_deletions where user_id = ?", user));
  }

  private Map<String, Object> show(JobRef job) {
    return get("/jobs/" + job.documentId()).body();
  }

  private Calls.Answer cancel(JobRef job) {
    return call("POST", "/jobs/" + job.documentId() + "/cancel", null);
  }

  private Calls.Answer retry(JobRef job) {
    return call("POST", "/jobs/" + job.documentId() + "/retry", null);
  }

  private Calls.Answer delete(UUID documentId) {
    return call("DELETE", "/documents/" + documentId, null);
  }

  private Calls.Answer post() {
    return call("POST", "/documents", announcement(SHA, null));
  }

  private static String announcement(String sha, @Nullable String documentId) {
    return """
    {"filename": "a.md", "mime_type": "text/markdown", "size_bytes": 5, "sha256": "%s", "document_id": %s}
    """
        .formatted(sha, documentId == null ? null : "\"" + documentId + "\"");
  }

  private Calls.Answer get(String path) {
    return call("GET", path, null);
  }

  private Calls.Answer call(String method, String path, @Nullable String body) {
    return calls.call(method, path, body, user.toString(), Map.of("x-correlation-id", "corr-1"));
  }
}
