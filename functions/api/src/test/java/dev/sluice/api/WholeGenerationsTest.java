package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.document.JobRef;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.localstack.TestServers;
import dev.sluice.localstack.postgres.SearchIndexes;
import dev.sluice.postgres.Sql;
import io.micronaut.context.ApplicationContext;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a search reads while generations come, are put back and are dropped. */
@Tag("servers")
@Timeout(120)
class WholeGenerationsTest {
  private static final int CHUNKS = 20;
  private static final int SLICE = 8;
  private static final int SEARCHES = 500;
  private static final int ENOUGH = 12;

  private static final String BY_VECTOR =
      """
      select text
      from search_chunks(array_fill(1::real, array[1536])::vector, 'text-embedding-3-small', '1',
                         null, 1000)
      """;

  private static final String BY_WORDS = "select text from search_words('generation', null, 1000)";

  /** So few that the tenant's index has candidates enough, where it is newer than the rows. */
  private static final String NEAREST =
      """
      select text
      from search_chunks(array_fill(1::real, array[1536])::vector, 'text-embedding-3-small', '1',
                         null, 5)
      """;

  private static final String INDEX_SCANS =
      """
      select coalesce(sum(idx_scan), 0) from pg_stat_user_indexes where indexrelname like 'near\\_%'
      """;

  private static TestDatabase database;
  private static ApplicationContext context;
  private static Generations generations;
  private static Calls calls;

  private final UUID user = UUID.randomUUID();
  private final UUID documentId = UUID.randomUUID();
  private final AtomicInteger newest = new AtomicInteger(1);
  private boolean indexWasScanned;

  @BeforeAll
  static void start() {
    database = TestServers.database();
    context =
        FunctionContext.start(
            database,
            TestServers.environment(
                "api", database.password(), Map.of("OPENAI_URL", "http://127.0.0.1:1/")));
    calls = new Calls(context);
    generations = new Generations(database, new Seed(database));
  }

  @AfterAll
  static void stop() {
    context.close();
    database.close();
  }

  @Test
  void aThousandSearchesEachReadOneWholeGeneration() throws Exception {
    generations.complete(job(1), CHUNKS);
    var searching = new AtomicBoolean(true);
    Set<String> seen = new HashSet<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writer = threads.submit(() -> renew(searching));
      var searches =
          Stream.of(BY_VECTOR, BY_WORDS, NEAREST)
              .map(statement -> (Callable<List<List<String>>>) () -> search(statement))
              .map(threads::submit)
              .toList();
      for (var answers : searches) {
        for (var answer : answers.get()) {
          assertThat(answer.size()).isIn(CHUNKS, 5);
          assertThat(Set.copyOf(answer)).hasSize(1);
          seen.add(answer.getFirst());
        }
      }
      searching.set(false);
      writer.get();
    }
    assertThat(seen).as("generations that were read").hasSizeGreaterThan(5);
    assertThat(indexWasScanned).as("by the index").isTrue();
  }

  /** Re-ingests, of which each third is put back; older ones go as the sweep takes them. */
  private Void renew(AtomicBoolean searching) {
    try {
      while (searching.get()) {
        renew(newest.get() + 1);
      }
      return null;
    } finally {
      // Nobody waits for more.
      newest.set(ENOUGH);
    }
  }

  private void renew(int generation) {
    ingest(job(generation));
    if (generation % 3 == 0) {
      assertThat(rollback()).isEqualTo(200);
    }
    drop(generation);
    index();
    newest.set(generation);
  }

  /** Builds the tenant's index over what is there now, and drops the one before. */
  private void index() {
    try (var connection = database.superuser().connect()) {
      indexWasScanned |= !"0".equals(Sql.queryForText(connection, INDEX_SCANS));
      new SearchIndexes(connection).build(user, 64);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void ingest(JobRef job) {
    new Seed(database).job(job, "complete", CHUNKS);
    for (int from = 0; from < CHUNKS; from += SLICE) {
      generations.promote(job, from, Math.min(from + SLICE, CHUNKS));
    }
    generations.activate(job);
  }

  private int rollback() {
    return calls
        .call("POST", "/documents/" + documentId + "/rollback", null, user.toString(), Map.of())
        .status();
  }

  private void drop(int generation) {
    database.ask(
        "delete from document_chunks where document_id = ? and generation < ? and chunk_ord < ?",
        documentId,
        generation - 3,
        SLICE);
    database.ask(
        "delete from document_chunks where document_id = ? and generation < ?",
        documentId,
        generation - 3);
  }

  private List<List<String>> search(String statement) throws SQLException {
    List<List<String>> answers = new ArrayList<>();
    try (var connection = database.superuser().connect();
        var query = connection.prepareStatement(statement)) {
      try (var tenant = connection.createStatement()) {
        tenant.execute("select set_config('app.user_id', '" + user + "', false)");
      }
      for (int search = 0; search < SEARCHES || newest.get() < ENOUGH; search++) {
        var texts = new ArrayList<String>();
        try (var rows = query.executeQuery()) {
          while (rows.next()) {
            texts.add(rows.getString(1));
          }
        }
        answers.add(texts);
      }
    }
    return answers;
  }

  private JobRef job(int generation) {
    return JobRef.of(user, documentId, generation);
  }
}
