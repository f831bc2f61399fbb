package dev.sluice.chunk;

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
import dev.sluice.message.ChunkMessage;
import dev.sluice.message.Invocation;
import dev.sluice.message.MessageSender;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import dev.sluice.postgres.WriteRefused;
import dev.sluice.stage.Outcome;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

@Tag("servers")
class ChunkDocumentTest {
  private static final Invocation INVOCATION =
      new Invocation(UUID.randomUUID(), "m-1", 1, () -> Duration.ofSeconds(120));

  private static final String VERSION = "1+t40o10";

  private static TestDatabase database;
  private static ApplicationContext context;
  private static ChunkDocument chunkDocument;
  private static TestObjects bucket;
  private static TestQueues sqs;
  private static Seed seed;

  @BeforeAll
  static void start() {
    database = TestServers.database();
    context =
        FunctionContext.start(
            database,
            TestServers.environment(
                "chunk",
                database.password(),
                Map.of("CHUNK_TARGET_TOKENS", "40", "CHUNK_OVERLAP_TOKENS", "10")));
    chunkDocument = context.getBean(ChunkDocument.class);
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
  void storesChunksAndSendsOneMessageABatch() {
    var job = validated(UUID.randomUUID(), "<!-- page 2 -->\n# Policy\n\nWater is covered.\n");

    assertThat(run(job)).isInstanceOf(Outcome.Advanced.class);

    var text = "# Policy\n\nWater is covered.";
    assertThat(seed.status(job)).isEqualTo("embedding_queued");
    assertThat(chunk(job, "text")).isEqualTo(text);
    assertThat(chunk(job, "chunk_sha")).isEqualTo(Hashes.ofText(text));
    assertThat(chunk(job, "embed_sha")).isEqualTo(Hashes.ofText(text));
    assertThat(chunk(job, "tokens")).isEqualTo("7");
    assertThat(chunk(job, "chunker_version")).isEqualTo(VERSION);
    assertThat(chunk(job, "meta"))
        .isEqualTo(
            "{\"end\": 44, \"page\": 2, \"start\": 0, \"overlap\": 0, \"section\": \"Policy\","
                + " \"last_page\": 2, \"heading_path\": [\"Policy\"]}");
    assertThat(column(job, "chunks_version")).isEqualTo("markdown-simple@" + VERSION);
    assertThat(column(job, "embed_model")).isEqualTo("text-embedding-3-small");
    assertThat(column(job, "progress"))
        .isEqualTo(
            "{\"pages\": 2, \"chunks_total\": 1, \"chunks_reused\": 0, \"tokens_reused\": 0,"
                + " \"chunks_written\": 1}");
    assertThat(column(job, "lease_token")).isNull();
    assertThat(sqs.sentTo("embed"))
        .singleElement()
        .asString()
        .contains(job.jobId().toString(), chunk(job, "batch_id"), "\"batch_no\":0", "c-1");
    assertThat(sqs.sentTo("finalize")).isEmpty();
  }

  @Test
  void storesTheHeadingsThatTheModelReadsBesideTheText() {
    var job = validated(UUID.randomUUID(), "# Policy\n\n" + paragraph(1) + "\n" + paragraph(2));
    run(job);
    assertThat(
            count(
                "document_chunk_buffer where document_id = ? and heading_prefix = E'Policy\\n\\n'"
                    + " and embed_sha = encode(sha256(convert_to(heading_prefix || text, 'UTF8')),"
                    + " 'hex') and chunk_sha = encode(sha256(convert_to(text, 'UTF8')), 'hex')",
                job.documentId()))
        .isEqualTo(count("document_chunk_buffer where document_id = ?", job.documentId()) - 1)
        .isPositive();
  }

  @Test
  void spreadsALargeDocumentOverBatches() {
    var job =
        validated(
            UUID.randomUUID(),
            IntStream.range(0, 600)
                .mapToObj(ChunkDocumentTest::paragraph)
                .collect(Collectors.joining("\n")));
    run(job);

    assertThat(count("document_chunk_buffer where document_id = ?", job.documentId()))
        .isEqualTo(600);
    assertThat(count("embedding_batches where job_id = ?", job.jobId())).isEqualTo(3);
    assertThat(sqs.sentTo("embed")).hasSize(3);
    assertThat(
            count(
                "document_chunk_buffer c join embedding_batches b using (batch_id) where"
                    + " c.document_id = ? and c.chunk_ord / 256 = b.batch_no",
                job.documentId()))
        .isEqualTo(600);
  }

  /** Once for each of its batches, 60 MB of text took longer than an invocation may. */
  @Test
  void readsADocumentOfManyBatchesOnlyAFewTimes() {
    var job = validated(UUID.randomUUID(), paragraphs(8_000));
    long before = rowsRead();

    run(job);

    int chunks = count("document_chunk_buffer where document_id = ?", job.documentId());
    assertThat(count("embedding_batches where job_id = ?", job.jobId())).isGreaterThan(30);
    assertThat(rowsRead() - before).isLessThan(16L * chunks);
  }

  /** From the chunk buffer, by the function's session. */
  private static long rowsRead() {
    var unused =
        context
            .getBean(Transactions.class)
            .acrossTenants(
                connection -> Sql.queryForText(connection, "select pg_stat_force_next_flush()"));
    return Long.parseLong(
        database.ask(
            "select seq_tup_read + idx_tup_fetch from pg_stat_user_tables"
                + " where relname = 'document_chunk_buffer'"));
  }

  @Test
  void embedsATextThatOccursTwiceOnce() {
    var job = validated(UUID.randomUUID(), "# A\n\n" + paragraph(1) + "\n# A\n\n" + paragraph(1));
    run(job);
    assertThat(count("document_chunk_buffer where document_id = ?", job.documentId())).isEqualTo(2);
    assertThat(
            database.ask(
                "select texts || '/' || (select count(*) from document_chunk_buffer c where"
                    + " c.batch_id = b.batch_id) from embedding_batches b where job_id = ?",
                job.jobId()))
        .isEqualTo("1/2");
  }

  @Test
  void givesTheSameTextTheSameRowsAgain() {
    var user = UUID.randomUUID();
    var text = "# A\n\n" + paragraph(1) + "\n" + paragraph(2);
    var first = validated(user, text);
    run(first);
    var rows = rows(first);
    var second = JobRef.of(user, first.documentId(), 2);
    run(validated(second, text));
    assertThat(rows(second)).isEqualTo(rows).isNotBlank();
  }

  @Test
  void takesOverTheVectorsThatTheTenantHasBought() {
    var user = UUID.randomUUID();
    var text = "# A\n\n" + paragraph(1) + "\n" + paragraph(2);
    embed(validated(user, text));
    sqs.forget();

    var job = validated(user, text);
    assertThat(run(job)).isInstanceOf(Outcome.Advanced.class);

    assertThat(seed.status(job)).isEqualTo("embeddings_stored");
    assertThat(count("embedding_batches where job_id = ?", job.jobId())).isZero();
    assertThat(count("document_vector_buffer where document_id = ?", job.documentId()))
        .isEqualTo(2);
    assertThat(column(job, "progress"))
        .contains("\"chunks_reused\": 2")
        .contains(
            "\"tokens_reused\": "
                + database.ask(
                    "select sum(tokens) from document_chunk_buffer where document_id = ?",
                    job.documentId()));
    assertThat(sqs.sentTo("embed")).isEmpty();
    assertThat(sqs.sentTo("finalize")).singleElement().asString().contains(job.jobId().toString());
  }

  @Test
  void buysOnlyWhatIsNew() {
    var user = UUID.randomUUID();
    embed(validated(user, "# A\n\n" + paragraph(1) + "\n# B\n\n" + paragraph(2)));
    var job = validated(user, "# A\n\n" + paragraph(1) + "\n# B\n\n" + paragraph(3));
    run(job);
    assertThat(seed.status(job)).isEqualTo("embedding_queued");
    assertThat(column(job, "progress")).contains("\"chunks_reused\": 1");
    assertThat(database.ask("select texts from embedding_batches where job_id = ?", job.jobId()))
        .isEqualTo("1");
    assertThat(
            database.ask(
                "select batch_id is null from document_chunk_buffer where document_id = ? and"
                    + " chunk_ord = 0",
                job.documentId()))
        .isEqualTo("t");
  }

  @Test
  void takesOverPromotedVectorsToo() {
    var user = UUID.randomUUID();
    var first = validated(user, paragraph(7));
    embed(first);
    database.ask(
        """
        insert into document_chunks (chunk_id, generation, user_id, document_id, chunker_name,
          chunker_version, chunk_ord, chunk_sha, embed_sha, embed_model, embed_version, text, meta,
          vector, vector_sha)
        select c.chunk_id, c.generation, c.user_id, c.document_id, chunker_name, chunker_version,
          chunk_ord, chunk_sha, c.embed_sha, embed_model, embed_version, text, meta, vector, vector_sha
        from document_chunk_buffer c join document_vector_buffer v using (chunk_id, generation)
        where c.document_id = ?
        """,
        first.documentId());
    database.ask("delete from document_vector_buffer where document_id = ?", first.documentId());

    var job = validated(user, paragraph(7));
    run(job);
    assertThat(seed.status(job)).isEqualTo("embeddings_stored");
  }

  @Test
  void aPromotedChunkWhoseTextWasRefusedHasNoVectorToTakeOver() {
    var user = UUID.randomUUID();
    var first = validated(user, paragraph(9));
    run(first);
    database.ask(
        """
        insert into document_chunks (chunk_id, generation, user_id, document_id, chunker_name,
          chunker_version, chunk_ord, chunk_sha, embed_sha, embed_model, embed_version, text, meta,
          unembeddable)
        select chunk_id, generation, user_id, document_id, chunker_name, chunker_version,
          chunk_ord, chunk_sha, embed_sha, 'text-embedding-3-small', '1', text, meta,
          'provider_refused'
        from document_chunk_buffer
        where document_id = ?
        """,
        first.documentId());

    var job = validated(user, paragraph(9));
    assertThat(run(job)).isInstanceOf(Outcome.Advanced.class);
    assertThat(seed.status(job)).isEqualTo("embedding_queued");
  }

  @Test
  void doesNotTakeAnotherTenantsVectors() {
    embed(validated(UUID.randomUUID(), paragraph(8)));
    var job = validated(UUID.randomUUID(), paragraph(8));
    run(job);
    assertThat(seed.status(job)).isEqualTo("embedding_queued");
    assertThat(column(job, "progress")).contains("\"chunks_reused\": 0");
  }

  @Test
  void takesUpAJobThatAKilledInvocationLeftInChunking() {
    var job = validated(UUID.randomUUID(), paragraph(1));
    leaveHalfDone(job);
    assertThat(run(job)).isInstanceOf(Outcome.Advanced.class);
    assertThat(count("document_chunk_buffer where document_id = ?", job.documentId())).isEqualTo(1);
    assertThat(chunk(job, "text")).isEqualTo(paragraph(1).strip());
  }

  @Test
  void goesOnWhereAnInvocationWithoutTimeStopped() {
    var text = paragraphs(1500);
    var job = validated(UUID.randomUUID(), text);
    var remaining = new ArrayDeque<>(List.of(60, 60, 5));
    var hurried =
        new Invocation(
            UUID.randomUUID(),
            "m-1",
            1,
            () -> Duration.ofSeconds(remaining.isEmpty() ? 5 : remaining.pop()));

    assertThat(chunkDocument.run(message(job), hurried)).isInstanceOf(Outcome.Deferred.class);
    assertThat(column(job, "attempts")).isEqualTo("0");
    int written = count("document_chunk_buffer where document_id = ?", job.documentId());
    assertThat(written).isEqualTo(500);
    database.ask(
        "update document_chunk_buffer set meta = '{\"kept\": true}' where document_id = ?",
        job.documentId());

    assertThat(run(job)).isInstanceOf(Outcome.Advanced.class);
    assertThat(
            count(
                "document_chunk_buffer where document_id = ? and jsonb_exists(meta, 'kept')",
                job.documentId()))
        .as("what was written is not written again")
        .isEqualTo(500);
    assertThat(column(job, "progress"))
        .contains(
            "\"chunks_total\": "
                + count("document_chunk_buffer where document_id = ?", job.documentId()));
  }

  @Test
  void anInvocationTooShortForAnythingFails() {
    var job = validated(UUID.randomUUID(), paragraph(1));
    var short5 = new Invocation(UUID.randomUUID(), "m-1", 1, () -> Duration.ofSeconds(5));
    assertThat(chunkDocument.run(message(job), short5))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("too_slow"));
  }

  @Test
  void sendsOnlyTheBatchesThatACrashLeftUnsent() {
    var job = validated(UUID.randomUUID(), paragraphs(600));
    run(job);
    int batches = sqs.sentTo("embed").size();
    assertThat(batches).isGreaterThan(1);
    sqs.forget();
    database.ask(
        "update embedding_batches set emit_due_at = now() where job_id = ? and batch_no = 1",
        job.jobId());
    database.ask(
        "update upload_jobs set status = 'embedding_in_progress' where job_id = ?", job.jobId());

    run(job);

    assertThat(sqs.sentTo("embed")).singleElement().asString().contains("\"batch_no\":1");
    sqs.forget();
    run(job);
    assertThat(sqs.sentTo("embed")).isEmpty();
  }

  @Test
  void rejectsATextWithoutAChunk() {
    var job = validated(UUID.randomUUID(), "<!-- page 1 -->\n");
    assertThat(run(job))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo("no_chunks"));
    assertThat(seed.status(job)).isEqualTo("chunking");
  }

  @Test
  void doesNotChunkATextThatIsNotTheValidatedOne() {
    var job = validated(UUID.randomUUID(), "Validated.\n");
    bucket.put(StoragePath.canonicalText(job).key(), "Changed.\n".getBytes(UTF_8));
    assertThat(run(job))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("text_changed"));
    assertThat(chunkDocument.giveBack(message(job), INVOCATION, true)).hasValue(1);
    assertThat(chunkDocument.stage()).isEqualTo(PipelineStage.CHUNK);
  }

  @Test
  void announcesAgainWhereACrashLeftTheJob() {
    var job = validated(UUID.randomUUID(), paragraph(1));
    sqs.setDown(true);
    assertThatThrownBy(() -> run(job)).isInstanceOf(SdkClientException.class);
    assertThat(seed.status(job)).isEqualTo("chunks_stored");
    sqs.setDown(false);

    assertThat(run(job)).isEqualTo(new Outcome.AlreadyDone("the job is chunks_stored"));

    assertThat(sqs.sentTo("embed")).hasSize(1);
    assertThat(seed.status(job)).isEqualTo("embedding_queued");
  }

  @Test
  void announcesAgainWhenTheQueueRefusedOneOfTheMessages() {
    var job = validated(UUID.randomUUID(), paragraph(1));
    sqs.refuseOfNextBatch(1);
    assertThatThrownBy(() -> run(job)).isInstanceOf(MessageSender.MessagesNotSent.class);
    assertThat(seed.status(job)).isEqualTo("chunks_stored");
    run(job);
    assertThat(sqs.sentTo("embed")).hasSize(1);
  }

  @Test
  void tellsFinalizeAgainWhenEveryVectorWasReused() {
    var job = seed.job("embeddings_stored", 1);
    assertThat(run(job)).isEqualTo(new Outcome.AlreadyDone("the job is embeddings_stored"));
    assertThat(sqs.sentTo("finalize")).hasSize(1);
  }

  @Test
  void leavesTheEndOfEmbeddingToEmbed() {
    var job = seed.job("embeddings_stored", 1);
    seed.batch(job, 0, 0, List.of("a"));
    run(job);
    assertThat(sqs.sentTo("finalize")).isEmpty();
  }

  @Test
  void sendsNothingForAJobThatHasGoneFurther() {
    var job = seed.job("embedding_in_progress", 1);
    seed.batch(job, 0, 0, List.of("a"));
    assertThat(run(job)).isEqualTo(new Outcome.AlreadyDone("the job is embedding_in_progress"));
    assertThat(sqs.sentTo("embed")).isEmpty();
  }

  @Test
  void waitsForTheLeaseOfAnotherInvocation() {
    var job = validated(UUID.randomUUID(), paragraph(1));
    lease(job);
    assertThat(run(job)).isInstanceOf(Outcome.Busy.class);
  }

  @Test
  void leavesAStaleMessageAlone() {
    var job = validated(UUID.randomUUID(), paragraph(1));
    assertThat(chunkDocument.run(new ChunkMessage(job, 3, "c-1"), INVOCATION))
        .isEqualTo(new Outcome.AlreadyDone("stale"));
  }

  @Test
  void writesNoChunkOfAJobWhoseLeaseWasTakenMeanwhile() {
    var job = validated(UUID.randomUUID(), paragraph(1));
    bucket.duringNextCall(() -> lease(job));
    assertThatThrownBy(() -> run(job)).isInstanceOf(WriteRefused.LeaseLost.class);
    assertThat(count("document_chunk_buffer where document_id = ?", job.documentId())).isZero();
  }

  @Test
  void writesNoChunkOfAnOlderGeneration() {
    var job = validated(UUID.randomUUID(), paragraph(1));
    bucket.duringNextCall(() -> seed.supersede(job));
    assertThatThrownBy(() -> run(job)).isInstanceOf(WriteRefused.FenceLost.class);
    assertThat(count("document_chunk_buffer where document_id = ?", job.documentId())).isZero();
  }

  private static JobRef validated(UUID user, String text) {
    return validated(JobRef.of(user, UUID.randomUUID(), 1), text);
  }

  /** A job whose canonical text is this. */
  private static JobRef validated(JobRef job, String text) {
    seed.job(job, "parse_validated", 0);
    var sha = Hashes.ofText(text);
    var path = StoragePath.canonicalText(job);
    bucket.put(path.key(), text.getBytes(UTF_8));
    database.ask(
        "insert into parsed_objects (user_id, parsed_sha256, path, bytes) values (?, ?, ?, 1) on"
            + " conflict do nothing",
        job.userId(),
        sha,
        path.uri());
    database.ask(
        "update upload_jobs set parsed_path = ?, parsed_sha256 = ?, chunks_version = null, progress"
            + " = progress - 'chunks_total' where job_id = ?",
        path.uri(),
        sha,
        job.jobId());
    return job;
  }

  /** What an invocation with other sizes wrote before it was killed. */
  private static void leaveHalfDone(JobRef job) {
    database.ask("update upload_jobs set status = 'chunking' where job_id = ?", job.jobId());
    database.ask(
        """
        insert into document_chunk_buffer (chunk_id, generation, user_id, document_id, chunker_name,
          chunker_version, chunk_ord, chunk_sha, embed_sha, text, tokens)
        select gen_random_uuid(), ?, ?, ?, 'markdown-simple', v, 9, repeat('a', 64), repeat('b', 64),
          'old', 1
        from unnest(array['0', '1+t40o10']) v
        """,
        job.generation(),
        job.userId(),
        job.documentId());
  }

  /** Chunks a job and gives its chunks vectors. */
  private static void embed(JobRef job) {
    run(job);
    database.ask(
        """
        insert into document_vector_buffer (chunk_id, generation, user_id, document_id, embed_sha,
          embed_model, embed_version, vector, vector_sha)
        select chunk_id, generation, user_id, document_id, embed_sha, 'text-embedding-3-small', '1',
          array_fill(0.5::real, array[1536])::vector, repeat('c', 64)
        from document_chunk_buffer
        where document_id = ?
        """,
        job.documentId());
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

  /** Some 30 tokens, so that each is a chunk of its own. */
  private static String paragraph(int number) {
    return "Paragraph number %d says that the insurer pays for damage by tap water in the house, but not for %d other things.\n"
        .formatted(number, number);
  }

  private static String rows(JobRef job) {
    return database.ask(
        """
        select string_agg(concat_ws('|', chunk_id, chunk_ord, chunk_sha, embed_sha, text, meta), ','
                          order by chunk_ord)
        from document_chunk_buffer where document_id = ? and generation = ?
        """,
        job.documentId(),
        job.generation());
  }

  private static Outcome run(JobRef job) {
    return chunkDocument.run(message(job), INVOCATION);
  }

  private static ChunkMessage message(JobRef job) {
    return new ChunkMessage(job, 0, "c-1");
  }

  private static String paragraphs(int count) {
    return IntStream.range(0, count)
        .mapToObj(ChunkDocumentTest::paragraph)
        .collect(Collectors.joining("\n"));
  }

  private static int count(String from, Object... parameters) {
    return Integer.parseInt(database.ask("select count(*) from " + from, parameters));
  }

  private static @Nullable String chunk(JobRef job, String column) {
    return database.ask(
        "select to_jsonb(c) ->> ? from document_chunk_buffer c where document_id = ? and chunk_ord"
            + " = 0",
        column,
        job.documentId());
  }

  private static @Nullable String column(JobRef job, String column) {
    return database.ask(
        "select to_jsonb(j) ->> ? from upload_jobs j where job_id = ?", column, job.jobId());
  }
}
