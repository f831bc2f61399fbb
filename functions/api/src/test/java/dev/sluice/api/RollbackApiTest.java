package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.document.JobRef;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.localstack.TestServers;
import io.micronaut.context.ApplicationContext;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which generation search reads, as operators choose it. */
@Tag("servers")
@Timeout(120)
class RollbackApiTest {
  private static TestDatabase database;
  private static ApplicationContext context;
  private static Calls calls;
  private static Generations generations;

  private final UUID user = UUID.randomUUID();
  private final UUID documentId = UUID.randomUUID();

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
  void putsTheGenerationBackThatSearchReadBefore() {
    var first = complete(1);
    var second = complete(2);
    assertThat(show())
        .containsEntry("active_generation", 2)
        .containsEntry("previous_generation", 1);

    var answer = rollback(null);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(show())
        .containsEntry("document_id", documentId.toString())
        .containsEntry("current_generation", 2)
        .containsEntry("active_generation", 1)
        .containsEntry("previous_generation", null);
    assertThat(acts(first)).isEqualTo("rollback from 2 by " + user + " corr-1");
    assertThat(acts(second)).isNull();
  }

  @Test
  void goesOneFurtherBackEachTimeUntilThereIsNoneLeft() {
    complete(1);
    complete(2);
    complete(3);
    assertThat(rollback(null).body()).containsEntry("active_generation", 2);
    assertThat(rollback(null).body()).containsEntry("active_generation", 1);
    assertProblem(rollback(null), 409, "no_previous_generation");
    assertThat(show()).containsEntry("active_generation", 1);
  }

  @Test
  void aGenerationThatIsNamedIsReachedOnceHoweverOftenItIsAskedFor() {
    var first = complete(1);
    complete(2);
    complete(3);
    var answers =
        IntStream.range(0, 4)
            .parallel()
            .mapToObj(n -> rollback(1))
            .map(Calls.Answer::status)
            .toList();
    assertThat(answers).containsOnly(200);
    assertThat(acts(first)).isEqualTo("rollback from 3 by " + user + " corr-1");
  }

  @Test
  void aRollbackCanBeUndone() {
    complete(1);
    complete(2);
    rollback(null);
    assertThat(rollback(2).body())
        .containsEntry("active_generation", 2)
        .containsEntry("previous_generation", 1);
  }

  @Test
  void whatWasGoneBackFromIsNotTheGenerationBeforeALaterOne() {
    complete(1);
    complete(2);
    complete(3);
    rollback(1);
    complete(4);
    assertThat(show())
        .containsEntry("active_generation", 4)
        .containsEntry("previous_generation", 1);
    assertThat(rollback(null).body()).containsEntry("active_generation", 1);
  }

  @Test
  void aGenerationOnItsWayIsNotTouchedAndIsReadWhenItIsComplete() {
    complete(1);
    complete(2);
    var third = job(3);
    new Seed(database).job(third, "embedding_in_progress", 1);

    rollback(null);

    assertThat(show()).containsEntry("current_generation", 3).containsEntry("active_generation", 1);
    generations.promote(third, 0, 1);
    database.ask(
        "update upload_jobs set status = 'embeddings_stored' where job_id = ?", third.jobId());
    database.ask("update upload_jobs set status = 'complete' where job_id = ?", third.jobId());
    generations.activate(third);
    assertThat(show())
        .containsEntry("active_generation", 3)
        .containsEntry("previous_generation", 1);
  }

  @Test
  void waitsForTheFinalizeThatHoldsTheDocumentAndGoesBackFromWhatItBrought() throws Exception {
    complete(1);
    complete(2);
    var third = job(3);
    new Seed(database).job(third, "complete", 1);
    generations.promote(third, 0, 1);
    try (var finalizing = database.superuser().connect()) {
      finalizing.setAutoCommit(false);
      try (var statement = finalizing.createStatement()) {
        statement.execute(
            "update documents set active_generation = 3 where document_id = '" + documentId + "'");
      }
      var answer = CompletableFuture.supplyAsync(() -> rollback(null));
      awaitWaiter(answer);
      finalizing.commit();
      assertThat(answer.get().body()).containsEntry("active_generation", 2);
    }
  }

  @Test
  void aDeletionThatIsUnderWayWins() throws Exception {
    complete(1);
    complete(2);
    try (var deleting = database.superuser().connect()) {
      deleting.setAutoCommit(false);
      try (var statement = deleting.createStatement()) {
        statement.execute(
            "update documents set active_generation = null, deleted_at = now() where document_id ="
                + " '"
                + documentId
                + "'");
      }
      var answer = CompletableFuture.supplyAsync(() -> rollback(null));
      awaitWaiter(answer);
      deleting.commit();
      assertProblem(answer.get(), 404, "unknown_document");
    }
  }

  @Test
  void nothingComesBackOfADeletedDocument() {
    complete(1);
    complete(2);
    assertThat(call("DELETE", "/documents/" + documentId, user).status()).isEqualTo(204);
    assertProblem(rollback(null), 404, "unknown_document");

    database.ask(
        "update documents set deleted_at = null, next_generation = 5, current_generation = 4"
            + " where document_id = ?",
        documentId);
    assertProblem(rollback(null), 409, "no_previous_generation");
    assertProblem(rollback(2), 409, "generation_unavailable");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update upload_jobs set parsed_path = null, parsed_sha256 = null, purged_at = now()"
            + " where document_id = ? and generation = 2",
        "delete from document_chunks where document_id = ? and generation = 2 and chunk_ord = 1",
        "update upload_jobs set generation = 7 where document_id = ? and generation = 2"
      })
  void doesNotGoBackToWhatIsNoLongerWhole(String damage) {
    complete(1);
    complete(2);
    complete(3);
    database.ask(damage, documentId);

    assertProblem(rollback(2), 409, "generation_unavailable");
    assertThat(show()).containsEntry("active_generation", 3);
    assertThat(rollback(null).body()).containsEntry("active_generation", 1);
  }

  @Test
  void doesNotGoToAGenerationThatIsNotComplete() {
    complete(1);
    new Seed(database).job(job(2), "embedding_in_progress", 1);
    assertProblem(rollback(2), 409, "generation_unavailable");
    assertProblem(rollback(-1), 409, "generation_unavailable");
    assertProblem(rollback(null), 409, "no_previous_generation");
    assertProblem(
        call("POST", "/documents/" + documentId + "/rollback?generation=x", user),
        400,
        "malformed_request");
    assertThat(show()).containsEntry("active_generation", 1);
  }

  @Test
  void nobodyElsesDocumentIsRolledBack() {
    complete(1);
    complete(2);
    assertProblem(
        call("POST", "/documents/" + documentId + "/rollback", UUID.randomUUID()),
        404,
        "unknown_document");
    assertProblem(
        call("POST", "/documents/" + UUID.randomUUID() + "/rollback", user),
        404,
        "unknown_document");
    assertThat(show()).containsEntry("active_generation", 2);
  }

  private JobRef complete(int generation) {
    return generations.complete(job(generation), 3);
  }

  private JobRef job(int generation) {
    return JobRef.of(user, documentId, generation);
  }

  private Map<String, Object> show() {
    return call("GET", "/documents/" + documentId, user).body();
  }

  /** To the generation before if null. */
  private Calls.Answer rollback(@Nullable Integer generation) {
    var to = generation == null ? "" : "?generation=" + generation;
    return call("POST", "/documents/" + documentId + "/rollback" + to, user);
  }

  private static Calls.Answer call(String method, String path, UUID subject) {
    return calls.call(method, path, null, subject.toString(), Map.of("x-correlation-id", "corr-1"));
  }

  private static @Nullable String acts(JobRef job) {
    return database.ask(
        """
        select string_agg(concat_ws(' ', detail ->> 'act', 'from', detail ->> 'from_generation',
                                    'by', detail ->> 'by', correlation_id), ', ')
        from job_events
        where job_id = ? and kind = 'operator'
        """,
        job.jobId());
  }

  /** Until a statement waits for a row that another transaction holds. */
  private static void awaitWaiter(CompletableFuture<?> waiter) throws SQLException {
    try (var connection = database.superuser().connect();
        var statement = connection.createStatement()) {
      boolean waits = false;
      while (!waits && !waiter.isDone()) {
        try (var rows =
            statement.executeQuery(
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname ="
                    + " current_database()")) {
          waits = rows.next() && rows.getInt(1) > 0;
        }
      }
    }
  }

  private static void assertProblem(Calls.Answer answer, int status, String code) {
    assertThat(answer.body()).containsEntry("code", code).containsEntry("status", status);
    assertThat(answer.status()).isEqualTo(status);
  }
}
