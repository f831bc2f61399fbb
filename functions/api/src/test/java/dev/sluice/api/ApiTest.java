package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.document.DocumentIds;
import dev.sluice.document.Hashes;
import dev.sluice.document.JobRef;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.ScriptedProvider;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.localstack.TestServers;
import io.micronaut.context.ApplicationContext;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("servers")
class ApiTest {
  private static final String SHA = Hashes.ofText("bytes");

  private static TestDatabase database;
  private static ScriptedProvider provider;
  private static ApplicationContext context;
  private static Calls calls;
  private static Seed seed;

  private final UUID user = UUID.randomUUID();

  @BeforeAll
  static void start() {
    database = TestServers.database();
    provider = ScriptedProvider.start();
    context =
        FunctionContext.start(
            database,
            TestServers.environment(
                "api", database.password(), Map.of("OPENAI_URL", provider.url().toString())));
    calls = new Calls(context);
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
  }

  @Test
  void takesADocumentOnAndSignsItsUpload() {
    var answer = post("/documents", document("policy.pdf", "application/pdf", SHA, null));

    var documentId = DocumentIds.document(user, SHA);
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.text("document_id")).isEqualTo(documentId.toString());
    assertThat(answer.text("job_id")).isEqualTo(DocumentIds.job(documentId, 1).toString());
    assertThat(answer.body()).containsEntry("generation", 1).containsEntry("status", "uploaded");
    var upload = answer.object("upload");
    assertThat(upload).containsEntry("method", "PUT");
    assertThat(upload.get("url").toString())
        .contains("/raw/" + user + "/" + documentId + "/1.pdf")
        .contains("X-Amz-Expires=900")
        .contains("X-Amz-Signature=");
    assertThat(upload.get("headers").toString())
        .contains("content-length=5")
        .contains("content-type=application/pdf")
        .contains("if-none-match=*")
        .contains("x-amz-checksum-sha256=")
        .doesNotContain("host=");
    assertThat(upload.get("expires_at").toString()).endsWith("Z");
    assertThat(
            database.ask(
                """
                select concat_ws('/', user_id, status, raw_sha256, raw_bytes, raw_path, correlation_id)
                from upload_jobs
                where document_id = ?
                """,
                documentId))
        .isEqualTo(
            "%s/uploaded/%s/5/storage://%s/raw/%s.pdf?generation=1/corr-1"
                .formatted(user, SHA, user, documentId));
    assertThat(answer.headers()).containsEntry("x-correlation-id", "corr-1");
  }

  @Test
  void answersTheSampleEvents() {
    assertThat(calls.callWith("create-document").status()).isEqualTo(201);
    assertThat(calls.callWith("get-document").status()).isEqualTo(200);
    assertThat(calls.callWith("get-job").status()).isEqualTo(200);
    assertThat(calls.callWith("list-jobs").objects("jobs")).hasSize(1);
    assertThat(calls.callWith("search").objects("results")).isEmpty();
    assertThat(calls.callWith("get-spending").objects("days")).hasSize(30);
    assertThat(calls.callWith("cancel-job").status()).isEqualTo(200);
    assertThat(calls.callWith("retry-job").text("code")).isEqualTo("job_cancelled");
    assertThat(calls.callWith("rollback-document").text("code"))
        .isEqualTo("no_previous_generation");
    assertThat(calls.callWith("delete-document").status()).isEqualTo(204);
  }

  @Test
  void theSameBytesAreTheNextGenerationOfTheSameDocument() {
    post("/documents", document("a.md", "text/markdown", SHA, null));
    var again = post("/documents", document("b.md", "text/markdown", SHA, null));

    assertThat(again.body()).containsEntry("generation", 2);
    assertThat(again.text("document_id")).isEqualTo(DocumentIds.document(user, SHA).toString());
    assertThat(get("/documents/" + again.text("document_id")).body())
        .containsEntry("current_generation", 0)
        .containsEntry("active_generation", null)
        .containsEntry("filename", "b.md");
  }

  @Test
  void aRepeatedCallOpensNoJobOfItsOwnAndSignsItsUploadAgain() {
    var upload = document("a.md", "text/markdown", SHA, null);
    var first = postWithKey("upload-1", upload);
    var repeated = postWithKey("upload-1", upload);
    assertThat(repeated.status()).isEqualTo(201);
    assertThat(repeated.text("job_id")).isEqualTo(first.text("job_id"));
    assertThat(repeated.object("upload").get("url").toString()).contains("X-Amz-Signature=");
    assertThat(postWithKey("upload-2", upload).body()).containsEntry("generation", 2);
    assertThat(postWithKey("upload-1", upload).status())
        .as("both wait for their bytes")
        .isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "received_at = now()",
        "received_at = now(), status = 'parse_queued'",
        "received_at = now(), status = 'failed_parse', last_error = '{\"code\": \"c\","
            + " \"message\": \"m\", \"stage\": \"parse\"}'"
      })
  void aRepeatedCallWhoseBytesHaveArrivedShowsTheJobAndSignsNothing(String arrived) {
    var upload = document("a.md", "text/markdown", SHA, null);
    var first = postWithKey("upload-1", upload);
    set(first, arrived);

    var repeated = postWithKey("upload-1", upload);

    assertThat(repeated.status()).isEqualTo(200);
    assertThat(repeated.body())
        .containsEntry("job_id", first.text("job_id"))
        .containsEntry("generation", 1)
        .doesNotContainKey("upload");
    assertThat(repeated.text("status"))
        .isEqualTo(
            database.ask(
                "select status from upload_jobs where job_id = ?::uuid", first.text("job_id")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status = 'cancelled'",
        "status = 'cancelled', received_at = now()",
        "status = 'failed_parse', last_error = '{\"code\": \"upload_expired\", \"message\": \"m\","
            + " \"stage\": \"parse\"}'"
      })
  void aRepeatedCallForWhoseBytesNothingWaitsAnyMoreNeedsAnotherKey(String ended) {
    var upload = document("a.md", "text/markdown", SHA, null);
    set(postWithKey("upload-1", upload), ended);

    assertProblem(postWithKey("upload-1", upload), 409, "upload_closed");

    var next = postWithKey("upload-2", upload);
    assertThat(next.status()).isEqualTo(201);
    assertThat(next.body()).containsEntry("generation", 2).containsEntry("status", "uploaded");
    assertThat(next.object("upload").get("url").toString()).contains("/2.md?");
  }

  @Test
  void aRepeatedCallNeedsAnotherKeyWhenANewerUploadHasTakenItsPlace() {
    var upload = document("a.md", "text/markdown", SHA, null);
    var first = postWithKey("upload-1", upload);
    postWithKey("upload-2", upload);
    database.ask(
        "update documents set current_generation = 2 where document_id = ?::uuid",
        first.text("document_id"));

    assertProblem(postWithKey("upload-1", upload), 409, "upload_closed");
    assertThat(postWithKey("upload-2", upload).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"received_at = null", "received_at = now(), status = 'parse_queued'"})
  void aRepeatedCallBringsNothingBackThatWasDeleted(String before) {
    var upload = document("a.md", "text/markdown", SHA, null);
    var first = postWithKey("upload-1", upload);
    set(first, before);
    call("DELETE", "/documents/" + first.text("document_id"), null, user.toString());

    assertProblem(postWithKey("upload-1", upload), 409, "upload_closed");

    assertThat(get("/documents/" + first.text("document_id")).status()).isEqualTo(404);
    assertThat(postWithKey("upload-2", upload).body()).containsEntry("generation", 3);
    assertProblem(postWithKey("upload-1", upload), 409, "upload_closed");
  }

  @Test
  void aKeyIsOneUploadsOnly() {
    var first = postWithKey("upload-1", document("a.md", "text/markdown", SHA, null));
    assertProblem(
        postWithKey(
            "upload-1",
            document("a.md", "text/markdown", Hashes.ofText("x"), first.text("document_id"))),
        422,
        "idempotency_key_reused");
    assertProblem(
        postWithKey("no key", document("a.md", "text/markdown", SHA, null)),
        400,
        "invalid_idempotency_key");
  }

  @Test
  void otherBytesCanBeTheNextGenerationOfAnExistingDocument() {
    var first = post("/documents", document("a.md", "text/markdown", SHA, null));
    var next =
        post(
            "/documents",
            document("a.md", "text/markdown", Hashes.ofText("x"), first.text("document_id")));
    assertThat(next.text("document_id")).isEqualTo(first.text("document_id"));
    assertThat(next.body()).containsEntry("generation", 2);
  }

  @Test
  void anotherTenantsDocumentIsUnknown() {
    var foreign = seed.job("complete", 1);
    assertProblem(
        post("/documents", document("a.md", "text/markdown", SHA, foreign.documentId().toString())),
        404,
        "unknown_document");
    assertProblem(get("/documents/" + foreign.documentId()), 404, "unknown_document");
    assertProblem(get("/jobs/" + foreign.documentId()), 404, "unknown_document");
    assertThat(get("/jobs").objects("jobs")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "{}, invalid_filename",
        "{\"filename\": \"\"}, invalid_filename",
        "{\"filename\": \"../x\"}, invalid_filename",
        "{\"filename\": \"a\\\\b\"}, invalid_filename",
        "{\"filename\": \"a\\nb\"}, invalid_filename",
        "{\"filename\": \"a\"}, invalid_mime_type",
        "`{\"filename\": \"a\", \"mime_type\": \"application/zip\"}`, invalid_mime_type",
        "`{\"filename\": \"a\", \"mime_type\": \"text/plain\"}`, invalid_size_bytes",
        "`{\"filename\": \"a\", \"mime_type\": \"text/plain\", \"size_bytes\": -1}`,"
            + " invalid_size_bytes",
        "`{\"filename\": \"a\", \"mime_type\": \"text/html\", \"size_bytes\": 536870913}`,"
            + " invalid_size_bytes",
        "`{\"filename\": \"a\", \"mime_type\": \"text/plain\", \"size_bytes\": 67108865}`,"
            + " invalid_size_bytes",
        "`{\"filename\": \"a\", \"mime_type\": \"text/plain\", \"size_bytes\": 1}`, invalid_sha256",
        "`{\"filename\": \"a\", \"mime_type\": \"text/plain\", \"size_bytes\": 1, \"sha256\":"
            + " \"ABC\"}`, invalid_sha256"
      })
  void namesTheFieldThatIsWrong(String body, String code) {
    assertProblem(post("/documents", body), 400, code);
  }

  @Test
  void takesALongFilenameByItsCharacters() {
    assertThat(post("/documents", document("ü".repeat(255), "text/plain", SHA, null)).status())
        .isEqualTo(201);
    assertProblem(
        post("/documents", document("ü".repeat(256), "text/plain", SHA, null)),
        400,
        "invalid_filename");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "",
        "[]",
        "null",
        "\"text\"",
        "{\"size_bytes\": \"many\"}",
        "{\"document_id\": \"no uuid\"}",
        "{\"filename\": {\"a\": 1}}",
        "{\"file_name\": \"unknown field\"}"
      })
  void refusesWhatIsNoSuchRequest(String body) {
    assertProblem(post("/documents", body), 400, "malformed_request");
  }

  @Test
  void refusesWhatNoRouteTakes() {
    assertProblem(get("/nothing"), 404, "unknown_route");
    assertProblem(call("DELETE", "/jobs", null, user.toString()), 405, "method_not_allowed");
    assertProblem(get("/jobs/no-uuid"), 400, "malformed_request");
    assertProblem(get("/jobs?limit=many"), 400, "malformed_request");
    assertProblem(get("/jobs?limit=0"), 400, "invalid_limit");
    assertProblem(
        calls.call(
            "POST",
            "/search",
            "query=x",
            user.toString(),
            Map.of("content-type", "text/plain", "x-correlation-id", "corr-1")),
        415,
        "unsupported_media_type");
  }

  @Test
  void refusesATokenWithoutATenant() {
    assertProblem(call("GET", "/jobs", null, null), 401, "unauthenticated");
    assertProblem(call("GET", "/jobs", null, "someone"), 401, "unauthenticated");
    assertProblem(call("GET", "/jobs", null, "x".repeat(36)), 401, "unauthenticated");
  }

  @Test
  void makesACorrelationIdWhereTheCallersIsNotFitForLogs() {
    var answer =
        calls.call("GET", "/jobs", null, user.toString(), Map.of("x-correlation-id", "a b"));
    assertThat(UUID.fromString(String.valueOf(answer.headers().get("x-correlation-id"))))
        .isNotNull();
  }

  @Test
  void namesThePagesThatTheParserCouldNotRead() {
    var job = mine("parsed", 0);
    database.ask(
        "update upload_jobs set progress = progress || '{\"pages\": 9, \"pages_missing\": [3, 7]}'"
            + " where job_id = ?",
        job.jobId());
    assertThat(get("/jobs/" + job.documentId()).object("progress"))
        .containsEntry("pages", 9)
        .containsEntry("pages_missing", List.of(3, 7));
  }

  @Test
  void showsAJobsProgressAndReceipt() {
    var job = mine("chunks_stored", 3);
    var first = seed.batch(job, 0, 0, List.of("one", "two"));
    seed.batch(job, 1, 2, List.of("three"));
    embed(first);
    charge(job, 14, 280);
    charge(job, 0, 1_000_500);

    var answer = get("/jobs/" + job.documentId());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .containsEntry("job_id", job.jobId().toString())
        .containsEntry("filename", "policy.pdf")
        .containsEntry("status", "chunks_stored")
        .containsEntry("error", null)
        .containsEntry("wait_reason", "turn")
        .containsEntry("correlation_id", Seed.CORRELATION_ID);
    assertThat(answer.object("progress"))
        .containsEntry("pages", 2)
        .containsEntry("pages_missing", List.of())
        .containsEntry("chunks_total", 3)
        .containsEntry("chunks_done", 3)
        .containsEntry("chunks_reused", null)
        .containsEntry("batches_total", 2)
        .containsEntry("batches_done", 1)
        .containsEntry("embeds_done", 2);
    assertThat(answer.object("receipt"))
        .containsEntry("chunks", 3)
        .containsEntry("vectors", 2)
        .containsEntry("tokens", 14)
        .containsEntry("cost_microusd", 1000.78);
    assertThat(answer.text("created_at")).endsWith("Z");
  }

  @Test
  void theReceiptShowsWhatWasNotBoughtAgain() {
    var job = mine("embedding_in_progress", 9);
    seed.batch(job, 0, 0, List.of("a", "b"));
    database.ask(
        "update upload_jobs set progress = progress || '{\"chunks_reused\": 6, \"tokens_reused\":"
            + " 900}' where job_id = ?",
        job.jobId());
    database.ask(
        "update embedding_batches set chunks_reused = 1, tokens_reused = 5 where job_id = ?",
        job.jobId());

    var answer = get("/jobs/" + job.documentId());

    assertThat(answer.object("progress")).containsEntry("chunks_reused", 7);
    // 905 tokens at $0.02 a million.
    assertThat(answer.object("receipt"))
        .containsEntry("chunks_reused", 7)
        .containsEntry("tokens_saved", 905)
        .containsEntry("saved_microusd", 18.1);
  }

  @Test
  void countsTheSecondsOfEachStageThatIsOver() {
    var job = mine("uploaded", 1);
    for (var status :
        List.of("parse_queued", "parsed", "parse_validated", "chunking", "chunks_stored")) {
      database.ask("update upload_jobs set status = ? where job_id = ?", status, job.jobId());
    }
    database.ask(
        "update job_events set at = at + interval '90 seconds' where job_id = ? and to_status ="
            + " 'chunks_stored'",
        job.jobId());

    @SuppressWarnings("unchecked")
    var seconds =
        (Map<String, Number>)
            get("/jobs/" + job.documentId()).object("receipt").getOrDefault("seconds", Map.of());
    assertThat(seconds).containsOnlyKeys("parse", "validate", "chunk");
    assertThat(seconds.get("chunk").doubleValue()).isBetween(90.0, 100.0);
  }

  @Test
  void saysWhyAJobFailed() {
    var job = mine("parsed", 1);
    database.ask(
        """
        update upload_jobs
        set status = 'failed_parse', last_error = '{"code": "encrypted", "message": "Locked.", "stage": "parse"}'
        where job_id = ?
        """,
        job.jobId());
    assertThat(get("/jobs/" + job.documentId()).object("error"))
        .containsEntry("code", "encrypted")
        .containsEntry("message", "Locked.")
        .containsEntry("stage", "parse");
  }

  @Test
  void listsTheNewestJobsFirst() {
    var older = mine("complete", 1);
    var newer = mine("parsed", 1);
    assertThat(get("/jobs").objects("jobs"))
        .extracting(job -> job.get("job_id"))
        .containsExactly(newer.jobId().toString(), older.jobId().toString());
    assertThat(get("/jobs?limit=1").objects("jobs")).hasSize(1);
  }

  @Test
  void findsTheNearestPassagesOfTheTenantsOwnDocuments() {
    var job = mine("complete", 2);
    seed.batch(job, 0, 0, List.of("near", "far away"));
    promote(job, 0, ScriptedProvider.vector("water damage"));
    promote(job, 1, ScriptedProvider.vector("something quite different"));
    var foreign = seed.job("complete", 1);
    seed.batch(foreign, 0, 0, List.of("foreign"));
    promote(foreign, 0, ScriptedProvider.vector("water damage"));

    var answer = post("/search", "{\"query\": \" water damage \", \"top_k\": 50}");

    assertThat(answer.body()).containsEntry("mode", "vector");
    assertThat(answer.objects("results"))
        .extracting(result -> result.get("text"))
        .containsExactly("near", "far away");
    var best = answer.objects("results").getFirst();
    assertThat(best)
        .containsEntry("document_id", job.documentId().toString())
        .containsEntry("filename", "policy.pdf")
        .containsEntry("page", 1)
        .containsEntry("section", "Cover")
        .containsEntry("heading_path", List.of("Policy", "Cover"));
    assertThat(((Number) best.getOrDefault("score", 0)).doubleValue()).isBetween(0.999, 1.001);
    assertThat(provider.asked()).containsExactly(List.of("water damage"));
    assertThat(
            database.ask(
                """
                select concat_ws('/', state, operation, tokens, cost_nanousd, job_id)
                from provider_calls
                where user_id = ?
                """,
                user))
        .isEqualTo("settled/search/7/140");
  }

  @Test
  void searchesOneDocumentAndOnlyWhatIsActive() {
    var job = mine("complete", 1);
    seed.batch(job, 0, 0, List.of("here"));
    promote(job, 0, ScriptedProvider.vector("words"));
    var other = mine("complete", 1);
    seed.batch(other, 0, 0, List.of("there"));
    promote(other, 0, ScriptedProvider.vector("words"));

    var question = "{\"query\": \"words\", \"document_id\": \"" + job.documentId() + "\"}";
    assertThat(post("/search", question).objects("results"))
        .extracting(result -> result.get("text"))
        .containsExactly("here");

    database.ask(
        "update documents set active_generation = null where document_id = ?", job.documentId());
    assertThat(post("/search", question).objects("results")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "{}, invalid_query",
        "{\"query\": \" \"}, invalid_query",
        "`{\"query\": \"a\", \"top_k\": 0}`, invalid_top_k",
        "`{\"query\": \"a\", \"top_k\": 51}`, invalid_top_k",
        "`{\"query\": \"a\", \"limit\": 5}`, malformed_request"
      })
  void refusesASearchThatIsNone(String body, String code) {
    assertProblem(post("/search", body), 400, code);
    assertThat(provider.asked()).isEmpty();
  }

  @Test
  void searchesByWordsAndSaysSoWhenTheProviderGivesNoVector() {
    var job = mine("complete", 2);
    seed.batch(job, 0, 0, List.of("The excess is fifty pounds", "Nothing of that kind"));
    promote(job, 0, ScriptedProvider.vector("a"));
    promote(job, 1, ScriptedProvider.vector("b"));

    provider.thenRefuse(429, "rate_limit_exceeded", "retry-after", "7");
    assertFoundByWords(post("/search", "{\"query\": \"How high is the EXCESS?\"}"), "rate_limit");
    assertFoundByWords(post("/search", "{\"query\": \"excess pounds\"}"), "rate_limit");
    assertThat(provider.asked()).as("the second is not even asked").hasSize(1);

    Seed.forgetLimits(database);
    provider.thenRefuse(401, "invalid_api_key");
    assertFoundByWords(post("/search", "{\"query\": \"excess\"}"), "provider_key");
    Seed.forgetLimits(database);
    provider.thenHangUp();
    assertFoundByWords(post("/search", "{\"query\": \"excess\"}"), "provider_silent");
    provider.thenSay(200, "nonsense");
    assertFoundByWords(post("/search", "{\"query\": \"excess\"}"), "unreadable_answer");

    database.ask("update spending set paused = true");
    try {
      assertFoundByWords(post("/search", "{\"query\": \"excess\"}"), "paused");
    } finally {
      database.ask("update spending set paused = false");
    }
  }

  private static void assertFoundByWords(Calls.Answer answer, String reason) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).containsEntry("mode", "full_text").containsEntry("reason", reason);
    assertThat(answer.objects("results"))
        .extracting(result -> result.get("text"))
        .containsExactly("The excess is fifty pounds");
  }

  @Test
  void saysWhatTheTenantSpentInAllAndByDay() {
    spend(UUID.randomUUID(), user, 300_000, "now()");
    spend(UUID.randomUUID(), user, 2_000, "now() - interval '2 days'");
    spend(UUID.randomUUID(), UUID.randomUUID(), 9_000_000, "now()");
    database.ask("update spending set day_limit = 5000000000");
    try {
      var answer = get("/spending?days=3");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).containsEntry("paused", false);
      assertThat(answer.object("tenant"))
          .containsEntry("spent_microusd", 302.0)
          .containsEntry("limit_microusd", null);
      var today = LocalDate.now(ZoneOffset.UTC);
      assertThat(answer.objects("days"))
          .extracting(day -> day.get("day"))
          .containsExactly(
              today.toString(), today.minusDays(1).toString(), today.minusDays(2).toString());
      assertThat(answer.objects("days"))
          .extracting(day -> (Map<?, ?>) day.get("account"))
          .extracting(
              account -> account.get("spent_microusd"), account -> account.get("limit_microusd"))
          .containsExactly(
              tuple(300.0, 5_000_000.0), tuple(0.0, 5_000_000.0), tuple(2.0, 5_000_000.0));
    } finally {
      database.ask("update spending set day_limit = null");
    }
  }

  @Test
  void refusesMoreDaysThanAYearHas() {
    assertProblem(get("/spending?days=367"), 400, "invalid_days");
    assertProblem(get("/spending?days=0"), 400, "invalid_days");
  }

  @Test
  void keepsToItselfWhatBroke() {
    database.ask("alter table documents rename to documents_gone");
    try {
      var answer = get("/jobs");
      assertProblem(answer, 500, "internal_error");
      assertThat(answer.body().toString()).doesNotContain("documents");
    } finally {
      database.ask("alter table documents_gone rename to documents");
    }
  }

  private void assertProblem(Calls.Answer answer, int status, String code) {
    assertThat(answer.body()).containsEntry("code", code).containsEntry("status", status);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.headers().get("content-type")).startsWith("application/problem+json");
    assertThat(answer.body())
        .containsKeys("type", "title", "detail")
        .containsEntry("correlation_id", "corr-1");
  }

  private JobRef mine(String status, int chunks) {
    return seed.job(JobRef.of(user, UUID.randomUUID(), 1), status, chunks);
  }

  private static void embed(UUID batch) {
    database.ask(
        """
        insert into document_vector_buffer
          (chunk_id, generation, user_id, document_id, embed_sha, embed_model, embed_version,
           vector, vector_sha)
        select chunk_id, generation, user_id, document_id, embed_sha, 'text-embedding-3-small', '1',
               array_fill(1::real, array[1536])::vector, embed_sha
        from document_chunk_buffer
        where batch_id = ?
        """,
        batch);
    database.ask(
        "update embedding_batches set state = 'done', done_at = now() where batch_id = ?", batch);
  }

  private static void charge(JobRef job, int tokens, int nanoUsd) {
    database.ask(
        """
        insert into provider_calls
          (call_id, user_id, job_id, provider, operation, model, state, outcome, settled_at, tokens,
           cost_nanousd)
        values (gen_random_uuid(), ?, ?, 'openai', 'embed', 'm', 'settled', 'ok', now(), ?, ?)
        """,
        job.userId(),
        job.jobId(),
        tokens,
        nanoUsd);
  }

  private static void spend(UUID call, UUID tenant, int nanoUsd, String when) {
    database.ask(
        """
        insert into provider_calls
          (call_id, user_id, provider, operation, model, state, cost_nanousd, started_at)
        values (?, ?, 'openai', 'search', 'm', 'started', ?, %s)
        """
            .formatted(when),
        call,
        tenant,
        nanoUsd);
    database.ask(
        "update provider_calls set state = 'settled', outcome = 'ok', settled_at = now() where"
            + " call_id = ?",
        call);
  }

  private static void promote(JobRef job, int ordinal, float[] vector) {
    database.ask(
        """
        insert into document_chunks
          (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
           chunk_sha, embed_sha, embed_model, embed_version, text, meta, vector, vector_sha)
        select chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
               chunk_sha, embed_sha, 'text-embedding-3-small', '1', text, meta, cast(? as vector),
               embed_sha
        from document_chunk_buffer
        where document_id = ? and chunk_ord = ?
        """,
        java.util.Arrays.toString(vector),
        job.documentId(),
        ordinal);
    database.ask(
        "update documents set active_generation = 1 where document_id = ?", job.documentId());
  }

  private static String document(
      String filename, String mimeType, String sha, @Nullable String documentId) {
    return """
    {"filename": "%s", "mime_type": "%s", "size_bytes": 5, "sha256": "%s", "document_id": %s}
    """
        .formatted(filename, mimeType, sha, documentId == null ? null : "\"" + documentId + "\"");
  }

  private Calls.Answer get(String path) {
    return call("GET", path, null, user.toString());
  }

  private Calls.Answer post(String path, String body) {
    return call("POST", path, body, user.toString());
  }

  private Calls.Answer postWithKey(String key, String body) {
    return calls.call(
        "POST",
        "/documents",
        body,
        user.toString(),
        Map.of("x-correlation-id", "corr-1", "idempotency-key", key));
  }

  private static void set(Calls.Answer created, String assignments) {
    database.ask(
        "update upload_jobs set " + assignments + " where job_id = ?::uuid",
        created.text("job_id"));
  }

  private Calls.Answer call(
      String method, String path, @Nullable String body, @Nullable String subject) {
    return calls.call(method, path, body, subject, Map.of("x-correlation-id", "corr-1"));
  }
}
