package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.cli.api.Pause;
import dev.sluice.cli.faults.ProviderAdmin;
import dev.sluice.cli.redrive.DeadLetterQueues;
import dev.sluice.localstack.LocalCloud;
import dev.sluice.localstack.lambda.InvocationResult.Failed;
import dev.sluice.localstack.queue.LocalQueues;
import dev.sluice.postgres.Sql;
import dev.sluice.samples.SampleDocuments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Cancel, delete, re-ingest, retry and redrive while documents are on their way. */
@Tag("e2e")
class OperatorsTest {
  private static final Duration SOON = Duration.ofMinutes(2);

  /** Parts of a document whose texts do not fit one embedding call, nor two. */
  private static final int SEVERAL_BATCHES = 150;

  private static final String REFUSE_A_SUBMISSION =
      """
      {"seed": 1, "rules": [{"provider": "llamaparse", "operation": "submit", "fault": "status",
                             "status": 422, "count": 1}]}
      """;

  @TempDir static Path state;
  private static HeldProvider provider;
  private static LocalCloud cloud;

  private final UUID userId = UUID.randomUUID();
  private final Pipeline user = new Pipeline(cloud, userId);

  @BeforeAll
  static void start() throws Exception {
    provider = new HeldProvider();
    cloud = Clouds.startWith(state, Map.of("embed", Map.of("OPENAI_URL", provider.url())));
  }

  @AfterAll
  static void stop() {
    provider.close();
    cloud.close();
  }

  @AfterEach
  void leaveNothingToTheNextTest() {
    provider.release();
    settle();
  }

  @Test
  void aDocumentDeletedInTheMiddleOfEmbeddingLeavesNothingButTheAuditTrailAndTheLedger()
      throws Exception {
    provider.holdAfter(1);
    var created = user.upload("sealed.md", "text/markdown", text("sealed", SEVERAL_BATCHES));
    await().atMost(SOON).until(() -> provider.held() > 0 && batchesDone(created) > 0);

    assertThat(user.delete("/documents/" + id(created)).statusCode()).isEqualTo(204);

    assertThat(user.get("/jobs/" + id(created)).statusCode()).isEqualTo(404);
    assertThat(user.get("/documents/" + id(created)).statusCode()).isEqualTo(404);
    provider.release();
    settle();
    sweep();
    nothingComesBackAnyMore();
    sweep();

    assertThat(rowsLeft()).isEqualTo("0 0 0 0 0 0 0");
    assertThat(objects()).isEmpty();
    assertThat(messages()).isZero();
    assertThat(user.search("sealed", 5).path("results")).isEmpty();
    assertThat(
            ask(
                "select string_agg(distinct status || ' ' || (last_error ->> 'code'), ',') from"
                    + " upload_jobs where user_id = ?",
                userId))
        .isEqualTo("cancelled document_deleted");
    assertThat(
            ask("select bool_and(state = 'settled') from provider_calls where user_id = ?", userId))
        .as("what was on its way is paid and written down")
        .isEqualTo("t");
    assertThat(
            ask(
                "select count(*) from job_events where user_id = ? and kind = 'operator' and detail"
                    + " ->> 'act' = 'delete'",
                userId))
        .isEqualTo("1");
  }

  @Test
  void theTextThatTwoDocumentsShareOutlivesTheOneThatIsDeleted() throws Exception {
    var words = new String(text("shared", 3), StandardCharsets.UTF_8);
    var first = user.upload("a.md", "text/markdown", words.getBytes(StandardCharsets.UTF_8));
    user.finished(first);
    var second =
        user.upload("b.md", "text/markdown", (words + "\n\n\n").getBytes(StandardCharsets.UTF_8));
    user.finished(second);
    assertThat(ask("select count(*) from parsed_objects where user_id = ?", userId)).isEqualTo("1");

    user.delete("/documents/" + id(first));
    sweep();

    var results = user.search("shared", 5).path("results");
    assertThat(results).isNotEmpty().allMatch(r -> r.path("filename").asText().equals("b.md"));
    assertThat(objects())
        .anyMatch(path -> path.endsWith("parsed/" + userId + "/" + id(first) + "/1.md"))
        .noneMatch(path -> path.contains("raw/" + userId + "/" + id(first)))
        .anyMatch(path -> path.contains("raw/" + userId + "/" + id(second)));

    user.delete("/documents/" + id(second));
    sweep();
    assertThat(objects()).isEmpty();
    assertThat(ask("select count(*) from parsed_objects where user_id = ?", userId)).isEqualTo("0");

    var revived = user.upload("a.md", "text/markdown", words.getBytes(StandardCharsets.UTF_8));
    assertThat(revived.path("document_id")).isEqualTo(first.path("document_id"));
    assertThat(user.finished(revived).path("status").asText()).isEqualTo("complete");
    assertThat(user.search("shared", 5).path("results")).isNotEmpty();
  }

  @Test
  void searchServesTheOldGenerationUntilTheNewOneIsCompleteAndThenOnlyTheNew() {
    var old = user.upload("terms.md", "text/markdown", text("oldtimer", 3));
    user.finished(old);
    provider.holdAfter(0);

    var renewed = user.upload("terms.md", "text/markdown", text("newcomer", 3), id(old));
    await().atMost(SOON).until(() -> provider.held() > 0);

    assertThat(found("oldtimer newcomer")).isNotEmpty().allMatch(text -> text.contains("oldtimer"));
    assertThat(user.job(renewed).path("generation").asInt()).isEqualTo(2);
    provider.release();
    user.finished(renewed);
    assertThat(found("oldtimer newcomer")).isNotEmpty().allMatch(text -> text.contains("newcomer"));
  }

  @Test
  void anEditedParagraphCostsAFewChunksAndTheSameDocumentAgainNothing() {
    var book = new String(text("ledger", SEVERAL_BATCHES), StandardCharsets.UTF_8);
    var first = user.upload("book.md", "text/markdown", bytes(book));
    user.finished(first);
    long calls = provider.calls();

    var again = user.finished(user.upload("book.md", "text/markdown", bytes(book), id(first)));
    assertThat(provider.calls()).isEqualTo(calls);
    assertThat(again.path("receipt").path("tokens").asLong()).isZero();
    assertThat(again.path("receipt").path("chunks_reused").asInt())
        .isEqualTo(again.path("progress").path("chunks_total").asInt());

    var edited = book.replace("clause 40 of part 70.", "clause forty, as amended.");
    var job = user.finished(user.upload("book.md", "text/markdown", bytes(edited), id(first)));

    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("complete");
    assertThat(provider.calls()).isEqualTo(calls + 1);
    var receipt = job.path("receipt");
    assertThat(receipt.path("chunks").asInt() - receipt.path("chunks_reused").asInt())
        .isBetween(1, 3);
    assertThat(receipt.path("tokens_saved").asLong())
        .isGreaterThan(40 * receipt.path("tokens").asLong());
    assertThat(receipt.path("saved_microusd").asDouble()).isPositive();
  }

  @Test
  void aJobCancelledBeforeItsBytesCameDoesNotBeginWhenTheyCome() throws Exception {
    var bytes = text("late", 2);
    var created =
        Pipeline.json(
            user.post("/documents", Pipeline.announcement("late.md", "text/markdown", bytes)));
    assertThat(cancel(created)).isEqualTo(200);
    sweep();

    assertThat(user.put(created, bytes).statusCode()).isEqualTo(200);
    settle();

    assertThat(user.job(created).path("status").asText()).isEqualTo("cancelled");
    nothingComesBackAnyMore();
    sweep();
    assertThat(objects()).isEmpty();
    assertThat(messages()).isZero();
  }

  @Test
  void aJobCancelledWhileItIsEmbeddedStoresNothingMore() throws Exception {
    provider.holdAfter(1);
    var created = user.upload("stopped.md", "text/markdown", text("stopped", SEVERAL_BATCHES));
    await().atMost(SOON).until(() -> provider.held() > 0 && batchesDone(created) > 0);

    assertThat(cancel(created)).isEqualTo(200);
    assertThat(cancel(created)).isEqualTo(409);
    var shown = user.job(created).path("progress");
    provider.release();
    settle();
    sweep();

    var job = user.job(created);
    assertThat(job.path("status").asText()).isEqualTo("cancelled");
    assertThat(job.path("progress"))
        .as("no vector more than when it was cancelled")
        .isEqualTo(shown);
    assertThat(rowsLeft()).startsWith("0 0 0 0 0");
  }

  @Test
  void aRetryGoesOnFromWhatIsStoredAndPaysNothingTwice() throws Exception {
    long before = provider.charged();
    provider.refuseAfter(1);
    var created = user.upload("broken.md", "text/markdown", text("broken", SEVERAL_BATCHES));
    refuseForADay();
    var failed = user.finished(created);
    assertThat(failed.path("status").asText()).isEqualTo("failed_embedding");
    assertThat(failed.path("error").path("code").asText()).isEqualTo("provider_key");
    mendTheKey();

    assertThat(user.post("/jobs/" + id(created) + "/retry").statusCode()).isEqualTo(202);

    var job = user.finished(created);
    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("complete");
    assertThat(provider.charged() - before)
        .isEqualTo(job.path("receipt").path("tokens").asLong())
        .isEqualTo(
            Long.parseLong(
                ask("select sum(tokens) from embedding_batches where user_id = ?", userId)));
    assertThat(user.post("/jobs/" + id(created) + "/retry").statusCode()).isEqualTo(409);
  }

  @Test
  void aRedriveOfTheDeadLettersBringsTheirJobsBackHoweverOften() throws Exception {
    cloud.servers().sqs().purgeQueue(r -> r.queueUrl(url("sluice-embed-dead")));
    provider.refuseAfter(0);
    var created = user.upload("one.md", "text/markdown", text("redriven", 3));
    refuseForADay();
    user.finished(created);
    await().atMost(SOON).until(() -> dead("embed") == 1);

    try (var queues = DeadLetterQueues.local(cloud.endpoints().sqs(), Pause.REAL)) {
      assertThat(queues.redrive("embed").moved()).isEqualTo(1);
    }
    refuseForADay();
    await().atMost(SOON).until(() -> redrives() == 1 && dead("embed") == 1);
    assertThat(user.job(created).path("status").asText()).isEqualTo("failed_embedding");

    mendTheKey();
    cloud
        .servers()
        .sqs()
        .startMessageMoveTask(r -> r.sourceArn(LocalQueues.arn("sluice-embed-dead")));
    assertThat(completed(created)).isEqualTo("complete");
    assertThat(redrives()).isEqualTo(2);
    assertThat(dead("embed")).isZero();
  }

  @Test
  void aRedriveRetriesAnUploadThatFailedAndARepetitionOfItsEventDoesNot() throws Exception {
    cloud.servers().sqs().purgeQueue(r -> r.queueUrl(url("sluice-parse-dead")));
    try (var admin = new ProviderAdmin(cloud.endpoints().admin())) {
      var unused = admin.begin(REFUSE_A_SUBMISSION.getBytes(StandardCharsets.UTF_8));
    }
    var created =
        user.upload("one.pdf", "application/pdf", SampleDocuments.numbered("Refused " + userId, 3));
    assertThat(user.finished(created).path("status").asText()).isEqualTo("failed_parse");
    await().atMost(SOON).until(() -> dead("parse") == 1);

    repeatTheEventOf(created);
    await().atMost(SOON).until(() -> messages() == 0);
    assertThat(user.job(created).path("status").asText()).isEqualTo("failed_parse");
    assertThat(redrives()).isZero();

    try (var queues = DeadLetterQueues.local(cloud.endpoints().sqs(), Pause.REAL)) {
      assertThat(queues.redrive("parse").moved()).isEqualTo(1);
    }
    assertThat(completed(created)).isEqualTo("complete");
    assertThat(redrives()).isEqualTo(1);
  }

  /** As S3 may at any time. */
  private void repeatTheEventOf(JsonNode created) {
    var event =
        """
        {"Records": [{"eventName": "ObjectCreated:Put",
                      "s3": {"object": {"key": "raw/%s/%s/1.pdf"}}}]}
        """
            .formatted(userId, id(created));
    cloud.servers().sqs().sendMessage(r -> r.queueUrl(url("sluice-parse")).messageBody(event));
  }

  /** A key that is refused is waited for, a day at most: here it has been so since yesterday. */
  private void refuseForADay() {
    await()
        .atMost(SOON)
        .until(
            () ->
                ask(
                    """
                    with refused as (
                      update embedding_batches
                      set outage_since = clock_timestamp() - interval '2 days'
                      where user_id = ? and outage_since is not null
                      returning 1)
                    select count(*) > 0 from refused
                    """,
                    userId),
            "t"::equals);
  }

  /** And the functions look at once instead of within twenty seconds. */
  private void mendTheKey() throws SQLException {
    provider.release();
    ask("update rate_buckets set paused_until = clock_timestamp() returning 1");
  }

  private int redrives() throws SQLException {
    return Integer.parseInt(
        ask(
            "select count(*) from job_events where user_id = ? and kind = 'operator' and detail ->>"
                + " 'act' = 'redrive'",
            userId));
  }

  private String completed(JsonNode created) {
    return await()
        .atMost(SOON)
        .until(() -> user.job(created).path("status").asText(), "complete"::equals);
  }

  private int cancel(JsonNode created) {
    return user.post("/jobs/" + id(created) + "/cancel").statusCode();
  }

  private List<String> found(String words) {
    return user.search(words, 20).path("results").findValuesAsText("text");
  }

  private static String id(JsonNode created) {
    return created.path("document_id").asText();
  }

  /** Distinct paragraphs of about 500 tokens, each a chunk of its own. */
  private static byte[] text(String word, int paragraphs) {
    return IntStream.range(0, paragraphs)
        .mapToObj(
            n ->
                "# Part %d\n\n".formatted(n)
                    + IntStream.range(0, 80)
                        .mapToObj(m -> "The %s clause %d of part %d.".formatted(word, m, n))
                        .collect(Collectors.joining(" ")))
        .collect(Collectors.joining("\n\n"))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private int batchesDone(JsonNode created) {
    return user.job(created).path("progress").path("batches_done").asInt();
  }

  /** Until no message is left and no function has anything in hand. */
  private static void settle() {
    await().atMost(SOON).until(() -> messages() == 0 && cloud.lambda().isQuiet());
  }

  private static void sweep() throws InterruptedException {
    assertThat(cloud.lambda().fireSchedules("sweep")).noneMatch(Failed.class::isInstance);
  }

  /** As if the time had passed after which no signed URL is valid any more. */
  private void nothingComesBackAnyMore() throws SQLException {
    ask(
        "update object_deletions set due_at = clock_timestamp() where user_id = ? returning 1",
        userId);
  }

  /** Chunks, vectors, batches, promoted rows, nonces, texts, deletions to come. */
  private String rowsLeft() throws SQLException {
    return ask(
        """
        select concat_ws(' ',
          (select count(*) from document_chunk_buffer where user_id = u.id),
          (select count(*) from document_vector_buffer where user_id = u.id),
          (select count(*) from embedding_batches where user_id = u.id),
          (select count(*) from document_chunks where user_id = u.id),
          (select count(*) from webhook_log where user_id = u.id),
          (select count(*) from parsed_objects where user_id = u.id),
          (select count(*) from object_deletions where user_id = u.id))
        from (select ?::uuid as id) u
        """,
        userId);
  }

  private List<String> objects() throws IOException {
    try (var files = Files.walk(state.resolve("objects"))) {
      return files
          .filter(Files::isRegularFile)
          .map(Path::toString)
          .filter(path -> path.contains(userId.toString()))
          .toList();
    }
  }

  private static long messages() {
    return Stream.of("parse", "validate", "chunk", "embed", "finalize")
        .mapToLong(stage -> count("sluice-" + stage))
        .sum();
  }

  private static long dead(String stage) {
    return count("sluice-" + stage + "-dead");
  }

  private static long count(String queue) {
    return cloud
        .servers()
        .sqs()
        .getQueueAttributes(
            r ->
                r.queueUrl(url(queue))
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
        .attributes()
        .values()
        .stream()
        .mapToLong(Long::parseLong)
        .sum();
  }

  private static String url(String queue) {
    return cloud.servers().queueUrl(LocalQueues.arn(queue));
  }

  private static String ask(String sql, Object... parameters) throws SQLException {
    try (var connection = cloud.servers().postgres().superuser().connect("sluice")) {
      return String.valueOf(Sql.queryForText(connection, sql, parameters));
    }
  }
}
