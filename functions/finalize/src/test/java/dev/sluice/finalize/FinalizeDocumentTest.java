package dev.sluice.finalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.document.JobRef;
import dev.sluice.document.JobStatus;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.localstack.TestServers;
import dev.sluice.message.FinalizeMessage;
import dev.sluice.message.Invocation;
import dev.sluice.postgres.JobRetries;
import dev.sluice.postgres.WriteRefused;
import dev.sluice.stage.Outcome;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("servers")
class FinalizeDocumentTest {
  private static final Invocation INVOCATION =
      new Invocation(UUID.randomUUID(), "m-1", 1, () -> Duration.ofSeconds(60));

  private static TestDatabase database;
  private static ApplicationContext context;
  private static FinalizeDocument finalizeDocument;
  private static Seed seed;

  @BeforeAll
  static void start() {
    database = TestServers.database();
    context =
        FunctionContext.start(
            database, TestServers.environment("finalize", database.password(), Map.of()));
    finalizeDocument = context.getBean(FinalizeDocument.class);
    seed = new Seed(database);
  }

  @AfterAll
  static void stop() {
    context.close();
    database.close();
  }

  @Test
  void promotesEveryChunkAndLetsSearchReadTheGeneration() {
    var job = embedded(2);

    assertThat(run(job)).isInstanceOf(Outcome.Advanced.class);

    assertThat(seed.status(job)).isEqualTo("complete");
    assertThat(promoted(job)).isEqualTo("2");
    assertThat(activeGeneration(job)).isEqualTo("1");
    assertThat(
            database.ask(
                """
                select bool_and(p.vector = v.vector and p.text = c.text and p.meta = c.meta
                                and p.chunk_sha = c.chunk_sha and p.vector_sha = v.vector_sha)
                from document_chunks p
                join document_chunk_buffer c using (chunk_id, generation)
                join document_vector_buffer v using (chunk_id, generation)
                where p.document_id = ?
                """,
                job.documentId()))
        .isEqualTo("t");
    assertThat(
            database.ask("select lease_token::text from upload_jobs where job_id = ?", job.jobId()))
        .isNull();
  }

  @Test
  void doesNothingForAJobThatIsComplete() {
    var job = embedded(1);
    run(job);
    assertThat(run(job)).isEqualTo(new Outcome.AlreadyDone("the job is complete"));
  }

  @Test
  void aTextThatTheProviderRefusesIsPublishedWithoutAVector() {
    var job = embedded(3);
    database.ask(
        "delete from document_vector_buffer where document_id = ? and chunk_id = (select chunk_id"
            + " from document_chunk_buffer where document_id = ? and chunk_ord = 1)",
        job.documentId(),
        job.documentId());
    database.ask(
        "update document_chunk_buffer set unembeddable = 'provider_refused'"
            + " where document_id = ? and chunk_ord = 1",
        job.documentId());

    assertThat(run(job)).isInstanceOf(Outcome.Advanced.class);
    assertThat(promoted(job)).isEqualTo("3");
    assertThat(
            database.ask(
                "select string_agg(chunk_ord || ' ' || unembeddable, ',') from document_chunks"
                    + " where document_id = ? and vector is null",
                job.documentId()))
        .isEqualTo("1 provider_refused");
  }

  @Test
  void refusesADocumentOfWhichNoTextHasAVectorAndItsRetryAsksAgain() {
    var job = refused(2);
    assertThat(run(job))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            rejected -> {
              assertThat(rejected.code()).isEqualTo("no_vectors");
              database.ask(
                  """
                  update upload_jobs
                  set status = 'failed_embedding', lease_token = null, leased_until = null,
                      last_error = jsonb_build_object(
                          'code', ?::text, 'message', 'm', 'stage', 'finalize')
                  where job_id = ?
                  """,
                  rejected.code(),
                  job.jobId());
            });
    assertThat(promoted(job)).isEqualTo("0");

    assertThat(context.getBean(JobRetries.class).retry(job, 0, "retry", "c-1"))
        .hasValue(new JobRetries.Retried(JobStatus.CHUNKS_STORED, 1));
    assertThat(
            database.ask(
                "select string_agg(state, ',') from embedding_batches where job_id = ?",
                job.jobId()))
        .isEqualTo("planned");
    assertThat(
            database.ask(
                "select count(unembeddable) from document_chunk_buffer where document_id = ?",
                job.documentId()))
        .isEqualTo("0");
  }

  @Test
  void publishesADocumentWhoseOnlyTextIsRefusedSoThatItsWordsAreFound() {
    var job = refused(1);
    assertThat(run(job)).isInstanceOf(Outcome.Advanced.class);
    assertThat(promoted(job)).isEqualTo("1");
  }

  /** A job of whose texts the provider took none. */
  private static JobRef refused(int chunks) {
    var job = seed.job("embeddings_stored", chunks);
    seed.batch(job, 0, 0, IntStream.range(0, chunks).mapToObj(i -> "text " + i).toList());
    database.ask(
        "update embedding_batches set state = 'done', done_at = clock_timestamp() where job_id = ?",
        job.jobId());
    database.ask(
        "update document_chunk_buffer set unembeddable = 'provider_refused' where document_id = ?",
        job.documentId());
    return job;
  }

  @Test
  void refusesADocumentWithoutAllItsVectors() {
    var job = embedded(3);
    database.ask(
        "delete from document_vector_buffer where document_id = ? and chunk_id = (select chunk_id"
            + " from document_chunk_buffer where document_id = ? and chunk_ord = 1)",
        job.documentId(),
        job.documentId());

    assertThat(run(job))
        .isEqualTo(
            new Outcome.Rejected(
                "incomplete",
                "3 chunks were announced, 3 are stored, 2 have their vector, 0 cannot have one."));
    assertThat(promoted(job)).isEqualTo("0");
    assertThat(activeGeneration(job)).isNull();
  }

  @Test
  void doesNotTakeAnotherModelsVectorForItsOwn() {
    var job = embedded(1);
    database.ask(
        "update document_vector_buffer set embed_version = '0' where document_id = ?",
        job.documentId());
    assertThat(run(job)).isInstanceOf(Outcome.Rejected.class);
  }

  @Test
  void doesNotCountAnotherChunkersChunks() {
    var job = embedded(2);
    database.ask(
        "update document_chunk_buffer set chunker_version = '0' where document_id = ? and"
            + " chunk_ord = 0",
        job.documentId());
    assertThat(run(job)).isInstanceOf(Outcome.Rejected.class);
  }

  @Test
  void goesOnWhereAnInvocationWithoutTimeStopped() {
    var job = embedded(2500);
    var remaining = new ArrayDeque<>(List.of(60, 60, 60, 5));
    var hurried =
        new Invocation(
            UUID.randomUUID(),
            "m-1",
            1,
            () -> Duration.ofSeconds(remaining.isEmpty() ? 5 : remaining.pop()));

    assertThat(finalizeDocument.run(message(job), hurried)).isInstanceOf(Outcome.Deferred.class);
    assertThat(promoted(job)).isEqualTo("2000");
    assertThat(activeGeneration(job)).isNull();

    assertThat(run(job)).isInstanceOf(Outcome.Advanced.class);
    assertThat(promoted(job)).isEqualTo("2500");
  }

  @Test
  void aNewerGenerationKeepsAnOlderOneOut() {
    var job = embedded(1);
    seed.supersede(job);
    assertThatThrownBy(() -> run(job)).isInstanceOf(WriteRefused.FenceLost.class);
    assertThat(promoted(job)).isEqualTo("0");
  }

  @Test
  void theNextGenerationTakesOverAndKeepsTheOldRows() {
    var first = embedded(2);
    run(first);
    var second = JobRef.of(first.userId(), first.documentId(), 2);
    embed(seed.job(second, "embeddings_stored", 1), 1);

    assertThat(run(second)).isInstanceOf(Outcome.Advanced.class);
    assertThat(activeGeneration(second)).isEqualTo("2");
    assertThat(promoted(first)).isEqualTo("2");
    assertThat(promoted(second)).isEqualTo("1");
  }

  @Test
  void aNewerGenerationIsReadAfterARollbackAndALateCopyOfAnOlderOnesMessageChangesNothing() {
    var first = embedded(1);
    run(first);
    assertThat(generationsAreDue(first)).as("the first has none before it").isEqualTo("f");
    var second = JobRef.of(first.userId(), first.documentId(), 2);
    embed(seed.job(second, "embeddings_stored", 1), 1);
    run(second);
    assertThat(generationsAreDue(first)).isEqualTo("t");
    rollBack(first);

    assertThat(run(second)).isInstanceOf(Outcome.AlreadyDone.class);
    assertThat(activeGeneration(first)).isEqualTo("1");

    var third = JobRef.of(first.userId(), first.documentId(), 3);
    embed(seed.job(third, "embeddings_stored", 1), 1);
    rollBack(first);
    assertThat(run(third)).isInstanceOf(Outcome.Advanced.class);
    assertThat(activeGeneration(first)).isEqualTo("3");
  }

  @Test
  void waitsForAnotherInvocationsLease() {
    var job = embedded(1);
    database.ask(
        """
        update upload_jobs
        set lease_token = gen_random_uuid(), leased_until = clock_timestamp() + interval '40 seconds'
        where job_id = ?
        """,
        job.jobId());
    assertThat(run(job)).isInstanceOf(Outcome.Busy.class);
    assertThat(finalizeDocument.giveBack(message(job), INVOCATION, true)).isEmpty();
    assertThat(run(job)).isInstanceOf(Outcome.Busy.class);
  }

  @Test
  void aLostLeasePromotesAndActivatesNothing() {
    var job = embedded(1);
    var store = context.getBean(PromotionStore.class);
    assertThatThrownBy(() -> store.promote(job, UUID.randomUUID(), 0, 10))
        .isInstanceOf(WriteRefused.LeaseLost.class);
    assertThatThrownBy(() -> store.activate(job, UUID.randomUUID()))
        .isInstanceOf(WriteRefused.LeaseLost.class);
    assertThat(activeGeneration(job)).isNull();
  }

  @Test
  void aMessageOfBeforeARetryIsStale() {
    var job = embedded(1);
    assertThat(finalizeDocument.run(new FinalizeMessage(job, 4, "c-1"), INVOCATION))
        .isEqualTo(new Outcome.AlreadyDone("stale"));
  }

  private static Outcome run(JobRef job) {
    return finalizeDocument.run(message(job), INVOCATION);
  }

  private static FinalizeMessage message(JobRef job) {
    return new FinalizeMessage(job, 0, "c-1");
  }

  private static JobRef embedded(int chunks) {
    var job = seed.job("embeddings_stored", chunks);
    embed(job, chunks);
    return job;
  }

  private static void embed(JobRef job, int chunks) {
    database.ask(
        """
        insert into document_chunk_buffer
          (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
           chunk_sha, embed_sha, text, tokens, meta)
        select gen_random_uuid(), ?, ?, ?, 'markdown-simple', '1', i,
               encode(sha256(i::text::bytea), 'hex'), encode(sha256(i::text::bytea), 'hex'),
               'text ' || i, 3, jsonb_build_object('page', i)
        from generate_series(0, ? - 1) i
        """,
        job.generation(),
        job.userId(),
        job.documentId(),
        chunks);
    database.ask(
        """
        insert into document_vector_buffer
          (chunk_id, generation, user_id, document_id, embed_sha, embed_model, embed_version,
           vector, vector_sha)
        select chunk_id, generation, user_id, document_id, embed_sha, 'text-embedding-3-small', '1',
               array_fill((chunk_ord + 1)::real, array[1536])::vector, embed_sha
        from document_chunk_buffer
        where document_id = ? and generation = ?
        """,
        job.documentId(),
        job.generation());
  }

  private static void rollBack(JobRef to) {
    database.ask(
        "update documents set active_generation = ? where document_id = ?",
        to.generation(),
        to.documentId());
  }

  private static @org.jspecify.annotations.Nullable String generationsAreDue(JobRef job) {
    return database.ask(
        "select generations_due_at is not null from documents where document_id = ?",
        job.documentId());
  }

  private static String promoted(JobRef job) {
    return String.valueOf(
        database.ask(
            "select count(*) from document_chunks where document_id = ? and generation = ?",
            job.documentId(),
            job.generation()));
  }

  private static @org.jspecify.annotations.Nullable String activeGeneration(JobRef job) {
    return database.ask(
        "select active_generation from documents where document_id = ?", job.documentId());
  }
}
