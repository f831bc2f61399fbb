package dev.sluice.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.document.DocumentIds;
import dev.sluice.document.JobRef;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.ScriptedProvider;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.fixture.TestQueues;
import dev.sluice.localstack.TestServers;
import dev.sluice.message.EmbedMessage;
import dev.sluice.message.Invocation;
import dev.sluice.stage.Outcome;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No text of a tenant is bought twice, also not by two documents at once. */
@Tag("servers")
class KnownVectorsTest {
  private static final Outcome WAITS = new Outcome.Deferred(Duration.ofSeconds(3), "same_text");

  private static final Object ENDS = new Object();

  private static TestDatabase database;
  private static ScriptedProvider provider;
  private static ApplicationContext context;
  private static EmbedBatch embedBatch;
  private static TestQueues sqs;
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
  void takesOverWhatAnotherDocumentHasBoughtSinceTheBatchWasPlannedAndBuysTheRest() {
    var first = document("a", "b");
    var second = document("a", "c", "a");

    run(first);
    assertThat(run(second)).isInstanceOf(Outcome.Advanced.class);

    assertThat(provider.asked()).containsExactly(texts("a", "b"), texts("c"));
    assertThat(vectors(second)).isEqualTo("3 of 3");
    assertThat(reused(second)).isEqualTo("2 chunks, 5 tokens");
    assertThat(reused(first)).isEqualTo("0 chunks, 0 tokens");
    assertThat(seed.status(second)).isEqualTo("embeddings_stored");
  }

  @Test
  void callsNobodyWhenEveryVectorIsKnown() {
    run(document("a", "b"));
    var second = document("b", "a", "b");

    assertThat(run(second)).isInstanceOf(Outcome.Advanced.class);

    assertThat(provider.asked()).hasSize(1);
    assertThat(vectors(second)).isEqualTo("3 of 3");
    assertThat(reused(second)).isEqualTo("3 chunks, 10 tokens");
    assertThat(ask("select count(*) from provider_calls where job_id = ?", second.jobId()))
        .isEqualTo("0");
    assertThat(
            ask(
                "select concat(state, cost_nanousd) from embedding_batches where job_id = ?",
                second.jobId()))
        .isEqualTo("done0");
    assertThat(sqs.sentTo("finalize")).hasSize(2);
  }

  @Test
  void takesOverFromEarlierGenerationsPromotedOrNot() {
    var first = document("a", "b");
    run(first);
    var second = document(JobRef.of(user, first.documentId(), 2), "a");
    run(second);
    assertThat(reused(second)).isEqualTo("1 chunks, 5 tokens");

    ask(
        """
        insert into document_chunks (chunk_id, generation, user_id, document_id, chunker_name,
          chunker_version, chunk_ord, chunk_sha, embed_sha, embed_model, embed_version, text,
          vector, vector_sha)
        select c.chunk_id, c.generation, c.user_id, c.document_id, chunker_name, chunker_version,
          chunk_ord, chunk_sha, c.embed_sha, embed_model, embed_version, text, vector, vector_sha
        from document_chunk_buffer c
        join document_vector_buffer v using (chunk_id, generation)
        where c.user_id = ?
        """,
        user);
    ask("delete from document_vector_buffer where user_id = ?", user);
    var third = document(JobRef.of(user, first.documentId(), 3), "b", "a");
    run(third);
    assertThat(reused(third)).isEqualTo("2 chunks, 10 tokens");
    assertThat(provider.asked()).hasSize(1);
  }

  @Test
  void doesNotTakeAnotherTenantsVectors() {
    run(document("a"));
    var strangers = document(JobRef.of(UUID.randomUUID(), UUID.randomUUID(), 1), "a");
    run(strangers);
    assertThat(provider.asked()).containsExactly(texts("a"), texts("a"));
    assertThat(reused(strangers)).isEqualTo("0 chunks, 0 tokens");
  }

  @Test
  void aPromotedChunkWithoutAVectorIsNoVector() {
    var first = document("a");
    ask(
        """
        insert into document_chunks (chunk_id, generation, user_id, document_id, chunker_name,
          chunker_version, chunk_ord, chunk_sha, embed_sha, embed_model, embed_version, text,
          unembeddable)
        select chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
          chunk_sha, embed_sha, 'text-embedding-3-small', '1', text, 'provider_refused'
        from document_chunk_buffer
        where document_id = ?
        """,
        first.documentId());
    run(document("a"));
    assertThat(provider.asked()).hasSize(1);
  }

  @Test
  void waitsWhileAnotherBatchIsBuyingTheSameTextAndThenTakesItOver() {
    var first = document("a", "b");
    var second = document("b", "c");
    var meanwhile = new AtomicReference<Outcome>();
    provider.thenAfter(() -> meanwhile.set(run(second)));

    run(first);
    assertThat(meanwhile.get()).isEqualTo(WAITS);
    assertThat(ask("select attempts from embedding_batches where job_id = ?", second.jobId()))
        .isEqualTo("0");

    assertThat(run(second)).isInstanceOf(Outcome.Advanced.class);
    assertThat(provider.asked()).containsExactly(texts("a", "b"), texts("c"));
  }

  @Test
  void doesNotWaitForOtherTextsNorForOtherTenants() {
    var first = document("a");
    var other = document("b");
    var strangers = document(JobRef.of(UUID.randomUUID(), UUID.randomUUID(), 1), "a");
    var meanwhile = new ArrayList<Outcome>();
    provider.thenAfter(
        () -> {
          meanwhile.add(run(other));
          meanwhile.add(run(strangers));
        });
    run(first);
    assertThat(meanwhile).hasSize(2).allMatch(Outcome.Advanced.class::isInstance);
  }

  @Test
  void waitsForNobodyWhoseLeaseIsOverOrWhoseJobIsCancelled() {
    var first = document("a");
    var second = document("a");
    var third = document("a");
    provider.thenAfter(
        () -> {
          ask(
              "update embedding_batches set leased_until = clock_timestamp() where job_id = ?",
              first.jobId());
          provider.thenAfter(
              () -> {
                ask("update upload_jobs set status = 'cancelled' where job_id = ?", second.jobId());
                assertThat(run(third)).isInstanceOf(Outcome.Advanced.class);
              });
          run(second);
        });
    run(first);
    assertThat(provider.asked()).hasSize(3);
    assertThat(vectors(third)).isEqualTo("1 of 1");
  }

  @Test
  void manyDocumentsOfTheSameTextsAtOnceBuyEachTextOnce() throws Exception {
    var documents =
        IntStream.range(0, 8)
            .mapToObj(n -> document("same", "shared " + n / 2, "own " + n))
            .toList();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var ends = documents.stream().map(job -> threads.submit(() -> finish(job))).toList();
      for (var end : ends) {
        end.get();
      }
    }
    assertThat(provider.asked().stream().flatMap(List::stream))
        .hasSize(1 + 4 + 8)
        .doesNotHaveDuplicates();
    assertThat(documents).allMatch(job -> vectors(job).equals("3 of 3"));
    assertThat(ask("select sum(chunks_reused) from embedding_batches where user_id = ?", user))
        .isEqualTo("11");
  }

  @Test
  void onlyTheTextThatIsRefusedGoesWithoutAVector() {
    run(document("good"));
    var second = document("good", "bad");
    provider.thenRefuse(400, "invalid_input");

    run(second);

    assertThat(
            ask(
                "select string_agg(text, ',') from document_chunk_buffer where document_id = ? and"
                    + " unembeddable is not null",
                second.documentId()))
        .isEqualTo("bad");
    assertThat(seed.status(second)).isEqualTo("embeddings_stored");
  }

  /** Asks again whenever another document has ended, as the message's visibility would. */
  private static Outcome finish(JobRef job) throws InterruptedException {
    var outcome = run(job);
    while (outcome.equals(WAITS)) {
      synchronized (ENDS) {
        ENDS.wait(100);
      }
      outcome = run(job);
    }
    synchronized (ENDS) {
      ENDS.notifyAll();
    }
    return outcome;
  }

  private JobRef document(String... texts) {
    return document(JobRef.of(user, UUID.randomUUID(), 1), texts);
  }

  /** A job with one planned batch. */
  private static JobRef document(JobRef job, String... texts) {
    seed.job(job, "embedding_queued", texts.length);
    seed.batch(job, 0, 0, List.of(texts));
    return job;
  }

  private static Outcome run(JobRef job) {
    return embedBatch.run(
        new EmbedMessage(job, DocumentIds.batch(job.jobId(), 0), 0, 0, "c-1"),
        new Invocation(UUID.randomUUID(), "m-1", 1, () -> Duration.ofSeconds(60)));
  }

  private static List<String> texts(String... texts) {
    return List.of(texts).stream().map(text -> "Policy > Cover\n\n" + text).toList();
  }

  private static String vectors(JobRef job) {
    return ask(
        """
        select count(v.chunk_id) || ' of ' || count(*)
        from document_chunk_buffer c
        left join document_vector_buffer v using (chunk_id, generation, embed_sha)
        where c.document_id = ? and c.generation = ?
        """,
        job.documentId(),
        job.generation());
  }

  private static String reused(JobRef job) {
    return ask(
        "select chunks_reused || ' chunks, ' || tokens_reused || ' tokens' from embedding_batches"
            + " where job_id = ?",
        job.jobId());
  }

  private static String ask(String sql, Object... parameters) {
    return String.valueOf(database.ask(sql, parameters));
  }
}
