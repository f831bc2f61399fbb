package dev.sluice.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.fixture.TestObjects;
import dev.sluice.localstack.TestServers;
import dev.sluice.postgres.Transactions;
import io.micronaut.context.ApplicationContext;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which generations are kept; the template keeps two. */
@Tag("servers")
class DropGenerationsTest {
  private static final String GONE = "0 chunks, 0 vectors, 0 batches, 0 promoted";
  private static final String WHOLE = "2 chunks, 2 vectors, 1 batches, 2 promoted";

  private static TestDatabase database;
  private static ApplicationContext context;
  private static SweepOnce sweepOnce;
  private static TestObjects bucket;
  private static Seed seed;

  private final UUID user = UUID.randomUUID();
  private final UUID documentId = UUID.randomUUID();

  @BeforeAll
  static void start() {
    database = TestServers.database();
    context =
        FunctionContext.start(
            database, TestServers.environment("sweep", database.password(), Map.of()));
    sweepOnce = context.getBean(SweepOnce.class);
    bucket = TestObjects.of(context);
    seed = new Seed(database);
  }

  @AfterAll
  static void stop() {
    context.close();
    database.close();
  }

  @Test
  void theActiveOneAndTheOneBeforeItAreKeptAndNothingIsLeftOfOlderOnes() {
    var first = complete(1);
    var second = complete(2);
    sweepOnce.sweep();
    assertThat(rows(first)).isEqualTo(WHOLE);

    var third = complete(3);
    assertThat(sweepOnce.sweep()).containsEntry("documents_with_new_generation", 1L);

    assertThat(rows(first)).isEqualTo(GONE);
    assertThat(rows(second)).isEqualTo(WHOLE);
    assertThat(rows(third)).isEqualTo(WHOLE);
    assertThat(column(first, "status || ' ' || (progress ->> 'embeds_done')"))
        .as("what it came to stays")
        .isEqualTo("complete 2");
    assertThat(column(first, "parsed_sha256")).isEqualTo("null");
    assertThat(bucket.keys())
        .doesNotContain(StoragePath.raw(first, "pdf").key(), StoragePath.canonicalText(first).key())
        .contains(StoragePath.raw(second, "pdf").key(), StoragePath.canonicalText(second).key());
    assertThat(sweepOnce.sweep()).containsEntry("documents_with_new_generation", 0L);
  }

  @Test
  void alsoWhenItsBuffersWentLongBefore() {
    var first = complete(1);
    ask("delete from document_vector_buffer where document_id = ?", documentId);
    ask("delete from document_chunk_buffer where document_id = ?", documentId);
    set(first, "buffers_counted_at = now(), buffers_purged_at = now()");
    complete(2);
    complete(3);
    sweepOnce.sweep();
    assertThat(rows(first)).isEqualTo(GONE);
  }

  @Test
  void whatWasPutBackStaysAndWhatItWasPutBackFromStaysUntilANewerOneIsComplete() {
    complete(1);
    var second = complete(2);
    var third = complete(3);
    sweepOnce.sweep();
    goBack(third, second);

    assertThat(sweepOnce.sweep()).containsEntry("incomplete_documents", 0L);
    assertThat(rows(second)).isEqualTo(WHOLE);
    assertThat(rows(third)).isEqualTo(WHOLE);
    assertThat(column(second, "checked_at is not null and incomplete_since is null"))
        .isEqualTo("t");

    var fourth = complete(4);
    sweepOnce.sweep();
    assertThat(rows(second)).as("search read it before the fourth").isEqualTo(WHOLE);
    assertThat(rows(third)).isEqualTo(GONE);
    assertThat(rows(fourth)).isEqualTo(WHOLE);
  }

  @Test
  void theTextThatAKeptGenerationSharesStays() {
    var first = complete(1);
    complete(2);
    var third = complete(3);
    set(
        third,
        "(parsed_path, parsed_sha256) = (select parsed_path, parsed_sha256 from upload_jobs where"
            + " job_id = '"
            + first.jobId()
            + "')");
    sweepOnce.sweep();
    assertThat(rows(first)).isEqualTo(GONE);
    assertThat(bucket.keys())
        .contains(StoragePath.canonicalText(first).key())
        .doesNotContain(StoragePath.raw(first, "pdf").key());
  }

  @Test
  void keepsAsManyAsItIsToldAndTheActiveOneAlways() {
    var first = complete(1);
    var second = complete(2);
    var third = complete(3);
    var transactions = context.getBean(Transactions.class);

    new DropGenerations(transactions, 3).sweepSome();
    assertThat(column(first, "purged_at is null")).isEqualTo("t");

    due();
    new DropGenerations(transactions, 1).sweepSome();
    assertThat(column(first, "purged_at is null")).isEqualTo("f");
    assertThat(column(second, "purged_at is null")).isEqualTo("f");
    assertThat(column(third, "purged_at is null")).isEqualTo("t");

    assertThatThrownBy(() -> new DropGenerations(transactions, 0))
        .hasMessage("KEEP_GENERATIONS is at least 1, not 0");
  }

  @Test
  void aDocumentThatIsBeingRolledBackIsLeftToTheNextSweep() throws SQLException {
    var first = complete(1);
    complete(2);
    complete(3);
    try (var rollingBack = database.superuser().connect()) {
      rollingBack.setAutoCommit(false);
      try (var statement = rollingBack.createStatement()) {
        statement.execute(
            "update documents set active_generation = 1 where document_id = '" + documentId + "'");
      }
      assertThat(sweepOnce.sweep()).containsEntry("documents_with_new_generation", 0L);
      rollingBack.commit();
    }
    assertThat(sweepOnce.sweep()).containsEntry("documents_with_new_generation", 1L);
    assertThat(rows(first)).isEqualTo(WHOLE);
  }

  @Test
  void aGenerationThatSearchNoLongerReadsDoesNotCountAsIncomplete() {
    var first = complete(1);
    ask("delete from document_chunks where document_id = ? and chunk_ord = 1", documentId);
    ask("delete from document_vector_buffer where document_id = ?", documentId);
    assertThat(sweepOnce.sweep()).containsEntry("incomplete_documents", 1L);
    complete(2);
    assertThat(sweepOnce.sweep()).containsEntry("incomplete_documents", 0L);
    assertThat(column(first, "incomplete_since is not null")).isEqualTo("t");
  }

  /** The document's next generation, complete and read by search. */
  private JobRef complete(int generation) {
    var job = seed.job(JobRef.of(user, documentId, generation), "complete", 2);
    seed.batch(job, 0, 0, List.of("text 0", "text 1"));
    ask(
        """
        with vectors as (
          insert into document_vector_buffer
            (chunk_id, generation, user_id, document_id, embed_sha, embed_model, embed_version,
             vector, vector_sha, batch_id)
          select chunk_id, generation, user_id, document_id, embed_sha, 'text-embedding-3-small',
                 '1', array_fill(1::real, array[1536])::vector, embed_sha, batch_id
          from document_chunk_buffer
          where document_id = ? and generation = ?
          returning *)
        insert into document_chunks
          (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
           chunk_sha, embed_sha, embed_model, embed_version, text, meta, vector, vector_sha)
        select c.chunk_id, c.generation, c.user_id, c.document_id, c.chunker_name,
               c.chunker_version, c.chunk_ord, c.chunk_sha, c.embed_sha, v.embed_model,
               v.embed_version, c.text, c.meta, v.vector, v.vector_sha
        from document_chunk_buffer c
        join vectors v using (chunk_id, generation)
        """,
        documentId,
        generation);
    ask(
        "update embedding_batches set state = 'done', done_at = now() where job_id = ?",
        job.jobId());
    set(job, "embed_model = 'text-embedding-3-small', embed_version = '1'");
    ask(
        "update documents set active_generation = ?, generations_due_at = case when"
            + " active_generation is not null then now() end where document_id = ?",
        generation,
        documentId);
    bucket.put(StoragePath.raw(job, "pdf").key(), new byte[1]);
    bucket.put(StoragePath.canonicalText(job).key(), new byte[1]);
    return job;
  }

  private void goBack(JobRef from, JobRef to) {
    ask(
        "update documents set active_generation = ? where document_id = ?",
        to.generation(),
        documentId);
    set(from, "rolled_back_at = now()");
    due();
  }

  private void due() {
    ask("update documents set generations_due_at = now() where document_id = ?", documentId);
  }

  private static void set(JobRef job, String assignments) {
    ask("update upload_jobs set " + assignments + " where job_id = ?", job.jobId());
  }

  private static String column(JobRef job, String expression) {
    return ask("select " + expression + " from upload_jobs where job_id = ?", job.jobId());
  }

  private static String rows(JobRef job) {
    return ask(
        """
        select concat(
          (select count(*) from document_chunk_buffer c
           where c.document_id = j.document_id and c.generation = j.generation), ' chunks, ',
          (select count(*) from document_vector_buffer v
           where v.document_id = j.document_id and v.generation = j.generation), ' vectors, ',
          (select count(*) from embedding_batches b where b.job_id = j.job_id), ' batches, ',
          (select count(*) from document_chunks p
           where p.document_id = j.document_id and p.generation = j.generation), ' promoted')
        from upload_jobs j
        where j.job_id = ?
        """,
        job.jobId());
  }

  private static String ask(String sql, Object... parameters) {
    return String.valueOf(database.ask(sql, parameters));
  }
}
