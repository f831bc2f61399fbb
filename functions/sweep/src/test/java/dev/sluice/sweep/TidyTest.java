package dev.sluice.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.fixture.TestObjects;
import dev.sluice.fixture.TestQueues;
import dev.sluice.localstack.TestServers;
import io.micronaut.context.ApplicationContext;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the sweep removes, what it keeps, and what it finds missing. */
@Tag("servers")
class TidyTest {
  private static TestDatabase database;
  private static ApplicationContext context;
  private static SweepOnce sweepOnce;
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
                "sweep", database.password(), Map.of("BUFFER_RETENTION", "PT2H")));
    sweepOnce = context.getBean(SweepOnce.class);
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
    bucket.duringNextCall(() -> {});
    sqs.forget();
  }

  @Test
  void aCancelledJobLosesItsBuffersItsTextAndItsObjectsAtOnceAndKeepsItsCounts() {
    var job = seed.job("embedding_in_progress", 3);
    embedded(seed.batch(job, 0, 0, List.of("one", "two")));
    seed.batch(job, 1, 2, List.of("three"));
    promote(job);
    nonce(job, "1 minute");
    bucket.put(StoragePath.raw(job, "pdf").key(), new byte[1]);
    bucket.put(StoragePath.parserResult(job).key(), new byte[1]);
    bucket.put(StoragePath.canonicalText(job).key(), new byte[1]);
    ask("update embedding_batches set chunks_reused = 1, tokens_reused = 5 where batch_no = 0");
    set(job, "progress = progress || '{\"chunks_reused\": 4, \"tokens_reused\": 100}'");
    cancel(job);

    sweepOnce.sweep();

    assertThat(rows(job)).isEqualTo("0/0/0/0/0");
    assertThat(
            column(
                job, "concat_ws('/', progress ->> 'chunks_reused', progress ->> 'tokens_reused')"))
        .isEqualTo("5/105");
    assertThat(bucket.keys()).noneMatch(key -> key.contains(job.documentId().toString()));
    assertThat(column(job, "concat(parsed_path, parsed_sha256)")).isEmpty();
    assertThat(ask("select count(*) from parsed_objects where user_id = ?", job.userId()))
        .isEqualTo("0");
    assertThat(
            column(
                job,
                "concat_ws('/', progress ->> 'chunks_done', progress ->> 'embeds_done', progress"
                    + " ->> 'batches_total', progress ->> 'batches_done')"))
        .isEqualTo("3/2/2/1");
    assertThat(column(job, "status")).isEqualTo("cancelled");
    assertThat(
            column(
                job,
                "updated_at = status_changed_at or updated_at < status_changed_at + "
                    + "interval '1 second'"))
        .isEqualTo("t");
  }

  @Test
  void keepsTheTextOfACancelledJobThatAnotherRefersTo() {
    var cancelled = seed.job("chunking", 1);
    var other = seed.job(JobRef.of(cancelled.userId(), UUID.randomUUID(), 1), "parse_validated", 1);
    share(cancelled, other);
    bucket.put(StoragePath.canonicalText(cancelled).key(), new byte[1]);
    cancel(cancelled);

    sweepOnce.sweep();

    assertThat(bucket.keys()).contains(StoragePath.canonicalText(cancelled).key());
    assertThat(column(other, "parsed_path")).isEqualTo(StoragePath.canonicalText(cancelled).uri());
    cancel(other);
    sweepOnce.sweep();
    assertThat(bucket.keys()).doesNotContain(StoragePath.canonicalText(cancelled).key());
  }

  @Test
  void aCancelledJobKeepsWhatItPaidForWhileANewerGenerationIsOnItsWayToItsChunks() {
    var old = seed.job("embedding_in_progress", 1);
    embedded(seed.batch(old, 0, 0, List.of("one")));
    cancel(old);
    var newer = seed.job(JobRef.of(old.userId(), old.documentId(), 2), "parsed", 1);

    sweepOnce.sweep();
    assertThat(rows(old)).isEqualTo("1/1/1/0/0");
    assertThat(column(old, "parsed_sha256 is not null")).isEqualTo("t");

    set(newer, "status = 'cancelled'");
    sweepOnce.sweep();
    assertThat(rows(old)).isEqualTo("0/0/0/0/0");
    assertThat(column(old, "parsed_sha256 is null")).isEqualTo("t");
  }

  @Test
  void finishedBuffersGoAfterTheirRetentionAndWhatSearchReadsStays() {
    var old = complete(2);
    var young = complete(2);
    set(old, "status_changed_at = clock_timestamp() - interval '3 hours'");

    sweepOnce.sweep();

    assertThat(rows(old)).isEqualTo("0/0/0/2/0");
    assertThat(column(old, "parsed_sha256 is not null")).isEqualTo("t");
    assertThat(rows(young)).isEqualTo("2/2/1/2/0");
  }

  @Test
  void aFailedJobKeepsItsBuffersForItsRetryUntilANewerGenerationFencesItOff() {
    var job = seed.job("embedding_queued", 1);
    seed.batch(job, 0, 0, List.of("one"));
    set(
        job,
        "status = 'failed_embedding', last_error = '{\"code\": \"a\", \"message\": \"b\","
            + " \"stage\": \"embed\"}'");
    set(job, "status_changed_at = clock_timestamp() - interval '30 days'");

    assertThat(sweepOnce.sweep())
        .hasEntrySatisfying("failed_jobs", jobs -> assertThat(jobs).isPositive())
        .hasEntrySatisfying(
            "failed_oldest_seconds",
            seconds -> assertThat(seconds).isBetween(30L * 86_400, 30L * 86_400 + 60));
    assertThat(rows(job)).isEqualTo("1/0/1/0/0");

    seed.supersede(job);
    sweepOnce.sweep();
    assertThat(rows(job)).isEqualTo("0/0/0/0/0");
  }

  @Test
  void aFailedJobThatANewerGenerationHasFencedOffLosesAllItHoldsWhenTheRetentionIsOver() {
    var job = seed.job("embedding_in_progress", 1);
    embedded(seed.batch(job, 0, 0, List.of("one")));
    promote(job);
    nonce(job, "1 minute");
    bucket.put(StoragePath.raw(job, "pdf").key(), new byte[1]);
    bucket.put(StoragePath.parserResult(job).key(), new byte[1]);
    bucket.put(StoragePath.canonicalText(job).key(), new byte[1]);
    fail(job);
    set(job, "status_changed_at = clock_timestamp() - interval '3 hours'");
    sweepOnce.sweep();
    assertThat(rows(job)).as("it can be retried").isEqualTo("1/1/1/1/1");

    seed.supersede(job);
    set(job, "status_changed_at = clock_timestamp() - interval '1 hour'");
    sweepOnce.sweep();
    assertThat(rows(job)).isEqualTo("1/1/1/1/1");
    assertThat(bucket.keys()).filteredOn(key -> isOf(job, key)).hasSize(3);

    set(job, "status_changed_at = clock_timestamp() - interval '3 hours'");
    sweepOnce.sweep();
    assertThat(rows(job)).isEqualTo("0/0/0/0/0");
    assertThat(bucket.keys()).noneMatch(key -> isOf(job, key));
    assertThat(column(job, "status || concat(parsed_path, parsed_sha256)"))
        .isEqualTo("failed_embedding");
    assertThat(column(job, "progress ->> 'embeds_done'")).isEqualTo("1");
    assertThat(ask("select count(*) from parsed_objects where user_id = ?", job.userId()))
        .isEqualTo("0");
  }

  @Test
  void theTextOfASupersededFailedJobStaysForTheDocumentThatSharesIt() {
    var writer = seed.job("embedding_in_progress", 1);
    var sharer = seed.job(JobRef.of(writer.userId(), UUID.randomUUID(), 1), "complete", 1);
    share(writer, sharer);
    bucket.put(StoragePath.raw(writer, "pdf").key(), new byte[1]);
    bucket.put(StoragePath.canonicalText(writer).key(), new byte[1]);
    fail(writer);
    set(writer, "status_changed_at = clock_timestamp() - interval '3 hours'");
    seed.supersede(writer);

    sweepOnce.sweep();

    assertThat(bucket.keys())
        .filteredOn(key -> isOf(writer, key))
        .containsExactly(StoragePath.canonicalText(writer).key());
    assertThat(column(sharer, "parsed_path")).isEqualTo(StoragePath.canonicalText(writer).uri());
  }

  @Test
  void aNewerGenerationOnItsWayToItsChunksMayTakeOverWhatAFailedJobHolds() {
    var job = seed.job("embedding_in_progress", 1);
    embedded(seed.batch(job, 0, 0, List.of("one")));
    fail(job);
    set(job, "status_changed_at = clock_timestamp() - interval '3 hours'");
    var newer = seed.job(JobRef.of(job.userId(), job.documentId(), 2), "chunking", 1);

    sweepOnce.sweep();
    assertThat(column(job, "parsed_path is not null")).isEqualTo("t");
    assertThat(rows(job)).isEqualTo("1/1/1/0/0");

    set(newer, "chunks_version = 'markdown-simple@1', status = 'chunks_stored'");
    sweepOnce.sweep();
    assertThat(column(job, "parsed_path is null")).isEqualTo("t");
    assertThat(rows(job)).isEqualTo("0/0/0/0/0");
  }

  @Test
  void aFailedJobWaitsForNobodyWhenANewerGenerationHasTakenItsPlace() {
    var job = seed.job("chunking", 1);
    fail(job);
    set(job, "status_changed_at = clock_timestamp() - interval '90 days'");
    var before = sweepOnce.sweep();
    assertThat(before.get("failed_oldest_seconds")).isGreaterThanOrEqualTo(90L * 86_400);

    seed.supersede(job);
    var after = sweepOnce.sweep();

    assertThat(after).containsEntry("failed_jobs", before.get("failed_jobs") - 1);
    assertThat(after.get("failed_oldest_seconds")).isLessThan(90L * 86_400);
  }

  @Test
  void countsNoFailedJobOfADeletedDocument() {
    var before = sweepOnce.sweep().get("failed_jobs");
    var job = seed.job("chunking", 1);
    fail(job);
    assertThat(sweepOnce.sweep()).containsEntry("failed_jobs", before + 1);
    set(job, "purged_at = clock_timestamp(), parsed_path = null, parsed_sha256 = null");
    assertThat(sweepOnce.sweep()).containsEntry("failed_jobs", before);
  }

  @Test
  void manyRowsGoSliceBySlice() {
    var job = seed.job("chunking", 1);
    var batch = seed.batch(job, 0, 0, List.of("one"));
    ask(
        """
        insert into document_chunk_buffer
          (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
           chunk_sha, embed_sha, text, tokens, batch_id)
        select gen_random_uuid(), generation, user_id, document_id, chunker_name, chunker_version, n,
               chunk_sha, embed_sha, text, tokens, batch_id
        from document_chunk_buffer cross join generate_series(1, 2500) n
        where batch_id = ?
        """,
        batch);
    cancel(job);

    assertThat(sweepOnce.sweep()).containsEntry("buffer_slices_purged", 3L);
    assertThat(rows(job)).isEqualTo("0/0/0/0/0");
    assertThat(column(job, "progress ->> 'chunks_done'")).isEqualTo("2501");
    assertThat(sweepOnce.sweep()).containsEntry("buffer_slices_purged", 0L);
  }

  @Test
  void deletesAnObjectAtOnceAndAgainWhenNothingCanBringItBack() {
    var job = seed.job("uploaded", 1);
    var key = StoragePath.raw(job, "pdf").key();
    cancel(job);
    sweepOnce.sweep();

    bucket.put(key, "a late PUT to a URL that was still valid".getBytes());
    sweepOnce.sweep();
    assertThat(bucket.get(key)).as("not due yet").isPresent();

    database.ask(
        "update object_deletions set due_at = clock_timestamp() where object_key = ?", key);
    sweepOnce.sweep();
    assertThat(bucket.get(key)).isEmpty();
    assertThat(ask("select count(*) from object_deletions where object_key = ?", key))
        .isEqualTo("0");
  }

  @Test
  void deletesThePartsOfAResultThatADeadFunctionLeft() {
    var job = seed.job("uploaded", 1);
    var key = StoragePath.parserResult(job).key();
    bucket.beginUpload(key);
    cancel(job);
    sweepOnce.sweep();
    assertThat(bucket.unfinished()).doesNotContain(key);
  }

  @Test
  void triesAgainLaterWhatTheBucketDidNotDelete() {
    var job = seed.job("uploaded", 1);
    var key = StoragePath.raw(job, "pdf").key();
    bucket.put(key, new byte[1]);
    cancel(job);
    ask("update object_deletions set due_at = 'infinity'");
    bucket.duringNextCall(
        () -> {
          throw new IllegalStateException("the bucket is down, says the test");
        });

    assertThatThrownBy(() -> sweepOnce.sweep()).isInstanceOf(IllegalStateException.class);
    assertThat(
            ask(
                """
                select count(*)
                from object_deletions
                where user_id = ? and attempts = 1
                  and due_at between clock_timestamp() and clock_timestamp() + interval '2 minutes'
                """,
                job.userId()))
        .as("the one that failed; the other two are on their second date")
        .isEqualTo("1");

    ask("update object_deletions set due_at = clock_timestamp() where user_id = ?", job.userId());
    sweepOnce.sweep();
    assertThat(bucket.get(key)).isEmpty();
  }

  @Test
  void forgetsOldNoncesAndKeepsYoungOnesAndThoseThatAreStillToBeSent() {
    var job = seed.job("parse_queued", 1);
    nonce(job, "8 days");
    nonce(job, "6 days");
    ask(
        "insert into webhook_log (job_id, nonce, user_id, event_type, outcome, source, received_at)"
            + " values (?, 'unsent', ?, 'parse.success', 'accepted', 's', clock_timestamp() -"
            + " interval '20 seconds')",
        job.jobId(),
        job.userId());

    assertThat(sweepOnce.sweep()).containsEntry("nonces_forgotten", 1L);
    assertThat(ask("select count(*) from webhook_log where job_id = ?", job.jobId()))
        .isEqualTo("2");
  }

  @Test
  void putsBackWhatADocumentHasLostWhileTheBuffersAreThere() {
    var job = complete(3);
    ask("delete from document_chunks where document_id = ? and chunk_ord = 1", job.documentId());

    assertThat(sweepOnce.sweep()).containsEntry("incomplete_documents", 0L);

    assertThat(rows(job)).isEqualTo("3/3/1/3/0");
    assertThat(column(job, "checked_at is not null and incomplete_since is null")).isEqualTo("t");
  }

  @Test
  void showsADocumentThatCannotBeMadeWholeUntilItIs() {
    var job = complete(2);
    ask("delete from document_chunks where document_id = ? and chunk_ord = 1", job.documentId());
    ask(
        "delete from document_vector_buffer where document_id = ? and chunk_id in (select chunk_id"
            + " from document_chunk_buffer where chunk_ord = 1)",
        job.documentId());

    assertThat(sweepOnce.sweep()).containsEntry("incomplete_documents", 1L);
    assertThat(sweepOnce.sweep())
        .containsEntry("incomplete_documents", 1L)
        .containsEntry("documents_checked", 0L);

    set(job, "status = 'complete', checked_at = clock_timestamp() - interval '11 minutes'");
    ask(
        """
        insert into document_vector_buffer
          (chunk_id, generation, user_id, document_id, embed_sha, embed_model, embed_version,
           vector, vector_sha)
        select chunk_id, generation, user_id, document_id, embed_sha, 'text-embedding-3-small', '1',
               array_fill(1::real, array[1536])::vector, embed_sha
        from document_chunk_buffer
        where document_id = ? and chunk_ord = 1
        """,
        job.documentId());
    assertThat(sweepOnce.sweep()).containsEntry("incomplete_documents", 0L);
  }

  @Test
  void countsWhatWaitsInTheDeadLetterQueues() {
    sqs.put("embed-dead", "one");
    sqs.put("embed-dead", "two");
    sqs.put("parse-dead", "three");
    assertThat(sweepOnce.sweep())
        .containsEntry("embed_dead_letters", 2L)
        .containsEntry("parse_dead_letters", 1L)
        .containsEntry("chunk_dead_letters", 0L);
  }

  @Test
  void tellsForHowLongTheOldestDeadLetterHasWaitedByTheJobThatFailedOnIt() {
    failedOn("m-1", failed("finalize", "5 hours"));
    failedOn("m-2", failed("finalize", "2 days"));
    failed("finalize", "9 days");
    failedOn("m-3", failed("chunk", "3 days"));
    sqs.put("finalize-dead", "m-1");
    sqs.put("finalize-dead", "m-2");
    sqs.put("validate-dead", "no failed job's");

    assertThat(sweepOnce.sweep())
        .hasEntrySatisfying(
            "finalize_dead_letters_oldest_seconds",
            seconds -> assertThat(seconds).isBetween(2L * 86_400, 2L * 86_400 + 60))
        .containsEntry("chunk_dead_letters", 0L)
        .doesNotContainKey("chunk_dead_letters_oldest_seconds")
        .containsEntry("validate_dead_letters", 1L)
        .doesNotContainKey("validate_dead_letters_oldest_seconds");
  }

  private static JobRef failed(String stage, String age) {
    var job = seed.job(stage.equals("chunk") ? "chunking" : "embeddings_stored", 1);
    ask(
        """
        update upload_jobs
        set status = ?,
            last_error = jsonb_build_object('code', 'a', 'message', 'b', 'stage', ?::text)
        where job_id = ?
        """,
        stage.equals("chunk") ? "failed_chunking" : "failed_embedding",
        stage,
        job.jobId());
    set(job, "status_changed_at = clock_timestamp() - interval '" + age + "'");
    return job;
  }

  private static void failedOn(String message, JobRef job) {
    set(job, "failed_message_id = '" + message + "'");
  }

  @Test
  void endsUploadsThatNeverCame() {
    var job = seed.job("uploaded", 1);
    set(job, "received_at = null, created_at = clock_timestamp() - interval '25 hours'");
    assertThat(sweepOnce.sweep()).containsEntry("overdue_jobs_failed", 1L);
    assertThat(column(job, "last_error ->> 'message'"))
        .isEqualTo("The bytes did not arrive within 24 hours.");
  }

  @Test
  void twoSweepsAtOnceDoNoHarm() {
    var jobs = IntStream.range(0, 12).mapToObj(n -> seed.job("chunking", 1)).toList();
    jobs.forEach(
        job -> {
          seed.batch(job, 0, 0, List.of("one"));
          bucket.put(StoragePath.raw(job, "pdf").key(), new byte[1]);
          cancel(job);
        });
    try (var second =
        FunctionContext.start(
            database,
            TestServers.environment(
                "sweep", database.password(), Map.of("BUFFER_RETENTION", "PT2H")))) {
      var other = second.getBean(SweepOnce.class);
      var racing = CompletableFuture.supplyAsync(other::sweep);
      sweepOnce.sweep();
      racing.join();
    }
    sweepOnce.sweep();
    assertThat(jobs).allSatisfy(job -> assertThat(rows(job)).isEqualTo("0/0/0/0/0"));
  }

  private static JobRef complete(int chunks) {
    var job = seed.job("complete", chunks);
    embedded(seed.batch(job, 0, 0, IntStream.range(0, chunks).mapToObj(n -> "text " + n).toList()));
    promote(job);
    set(job, "embed_model = 'text-embedding-3-small', embed_version = '1'");
    ask("update documents set active_generation = 1 where document_id = ?", job.documentId());
    return job;
  }

  private static void embedded(UUID batch) {
    ask(
        """
        insert into document_vector_buffer
          (chunk_id, generation, user_id, document_id, embed_sha, embed_model, embed_version,
           vector, vector_sha, batch_id)
        select chunk_id, generation, user_id, document_id, embed_sha, 'text-embedding-3-small', '1',
               array_fill(1::real, array[1536])::vector, embed_sha, batch_id
        from document_chunk_buffer
        where batch_id = ?
        """,
        batch);
    ask("update embedding_batches set state = 'done', done_at = now() where batch_id = ?", batch);
  }

  private static void promote(JobRef job) {
    ask(
        """
        insert into document_chunks
          (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
           chunk_sha, embed_sha, embed_model, embed_version, text, meta, vector, vector_sha)
        select chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
               chunk_sha, embed_sha, 'text-embedding-3-small', '1', text, meta,
               array_fill(1::real, array[1536])::vector, embed_sha
        from document_chunk_buffer
        where document_id = ?
        """,
        job.documentId());
  }

  private static void share(JobRef from, JobRef with) {
    ask(
        """
        update upload_jobs s set parsed_sha256 = w.parsed_sha256, parsed_path = w.parsed_path
        from upload_jobs w
        where s.job_id = ? and w.job_id = ?
        """,
        with.jobId(),
        from.jobId());
  }

  private static void nonce(JobRef job, String age) {
    ask(
        "insert into webhook_log (job_id, nonce, user_id, event_type, outcome, source, received_at,"
            + " emitted_at) values (?, ?, ?, 'parse.success', 'accepted', 's', clock_timestamp() -"
            + " cast(? as interval), clock_timestamp())",
        job.jobId(),
        age,
        job.userId(),
        age);
  }

  private static boolean isOf(JobRef job, String key) {
    return key.contains(job.documentId().toString());
  }

  private static void fail(JobRef job) {
    set(
        job,
        "status = 'failed_' || case when status = 'chunking' then 'chunking' else 'embedding' end,"
            + " last_error = '{\"code\": \"a\", \"message\": \"b\", \"stage\": \"embed\"}'");
  }

  private static void cancel(JobRef job) {
    set(job, "status = 'cancelled'");
  }

  private static void set(JobRef job, String assignments) {
    ask("update upload_jobs set " + assignments + " where job_id = ?", job.jobId());
  }

  private static String column(JobRef job, String expression) {
    return ask("select " + expression + " from upload_jobs where job_id = ?", job.jobId());
  }

  /** Chunks, vectors, batches, promoted rows, nonces. */
  private static String rows(JobRef job) {
    return ask(
        """
        select concat_ws('/',
          (select count(*) from document_chunk_buffer c where c.document_id = j.document_id),
          (select count(*) from document_vector_buffer v where v.document_id = j.document_id),
          (select count(*) from embedding_batches b where b.job_id = j.job_id),
          (select count(*) from document_chunks p where p.document_id = j.document_id),
          (select count(*) from webhook_log w where w.job_id = j.job_id))
        from upload_jobs j
        where j.job_id = ?
        """,
        job.jobId());
  }

  private static String ask(String sql, Object... parameters) {
    return String.valueOf(database.ask(sql, parameters));
  }
}
