package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.localstack.fault.Boundary.Side;
import dev.sluice.localstack.fault.Fault;
import dev.sluice.localstack.fault.FaultPlan;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * What a user does to a document while a function stands still somewhere in its work on it, which
 * it then goes on with.
 */
@Tag("crash")
class InFlightTest {
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  /** Then objects are deleted for the second time: what was running then can bring none back. */
  private static final Duration SECOND_DELETION = Duration.ofMinutes(61);

  private static final Set<String> STAGES =
      Set.of("parse", "webhook", "validate", "chunk", "embed", "finalize");

  /** Of a document that was cancelled or deleted: its texts, and objects that are to be deleted. */
  private static final String LEFT =
      """
      select 1 from document_chunks where user_id = ?
      union all select 1 from document_chunk_buffer where user_id = ?
      union all select 1 from document_vector_buffer where user_id = ?
      union all select 1 from embedding_batches where user_id = ?
      union all select 1 from parsed_objects where user_id = ?
      union all select 1 from object_deletions where user_id = ?
      """;

  private static final String TO_BE_DELETED =
      """
      select 1 from object_deletions where user_id = ? and again_at is not null
      """;

  /** Of the newest generation: its job, and whether it is what search reads, whole. */
  private static final String NEWEST =
      """
      select j.status || ' ' || (d.active_generation = j.generation) || ' ' || (
        (j.progress ->> 'chunks_total')::integer = (
          select count(*) from document_chunks c
          where c.document_id = j.document_id and c.generation = j.generation))
      from upload_jobs j
      join documents d using (document_id)
      where j.user_id = ?
      order by j.generation desc
      limit 1
      """;

  private static final String OPEN =
      """
      select 1 from upload_jobs
      where user_id = ?
        and status not in
            ('complete', 'cancelled', 'failed_parse', 'failed_chunking', 'failed_embedding')
      """;

  private static final List<CellResult> RESULTS = new ArrayList<>();

  private static CrashMatrix matrix;

  /** What the user does. */
  private enum Deed {
    CANCEL,
    DELETE,
    UPLOAD_AGAIN
  }

  @BeforeAll
  static void start() throws Exception {
    matrix = CrashMatrix.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (matrix != null) {
      matrix.close();
    }
    ReliabilityPage.writeOutages(
        "In flight",
        """
        A function is held before a call or after a commit while its document is cancelled, deleted
        or uploaded again, and goes on then. Of what was cancelled or deleted nothing may be left in
        any table of texts, any queue or the bucket; what was uploaded again is what search reads.
        The time is until all of it has gone: objects are deleted a second time after an hour.
        Each call that was charged must be in the ledger; whether one was paid for twice is not
        looked at here, whatever the columns say.
        """,
        RESULTS);
  }

  /** One deed at each boundary, in turn, so that each function meets all of them. */
  @TestFactory
  Stream<DynamicTest> nothingOfItComesBack() {
    var turn = new AtomicInteger();
    return matrix.cells().stream()
        .filter(cell -> STAGES.contains(cell.function()) && cell.occurrence() == 1)
        .filter(cell -> cell.act().isEmpty() && !cell.cold() && cell.fault() == Fault.BREAK)
        .filter(cell -> cell.side() == side(cell.step()))
        .map(
            cell -> {
              var deed = Deed.values()[turn.getAndIncrement() % Deed.values().length];
              return DynamicTest.dynamicTest(deed + ", " + cell.name(), () -> check(cell, deed));
            });
  }

  /** Inside a transaction the user would wait for its end, as anybody does. */
  static Side side(String step) {
    return step.startsWith("commit") || step.equals("received") ? Side.AFTER : Side.BEFORE;
  }

  private static void check(Cell cell, Deed deed) throws Exception {
    var cloud = matrix.cloud;
    var recovery = new Recovery(cloud);
    var held = new CountDownLatch(1);
    var plan =
        FaultPlan.once(cell.function(), cell.step(), cell.occurrence(), cell.side(), Fault.HOLD);
    cloud.faults.begin(
        boundary -> {
          var fault = plan.at(boundary);
          if (fault == Fault.HOLD) {
            held.countDown();
          }
          return fault;
        });
    var before = Charges.of(cloud);
    var client = new Client(cloud);
    var sample = Sample.of(cell);
    var created = client.upload(sample);
    assertThat(held.await(1, TimeUnit.MINUTES)).as("the boundary is reached").isTrue();
    act(client, sample, created, deed);
    var done = cloud.clock.instant();
    cloud.faults.release();
    var violations = violations(recovery, client, created, deed, before);
    RESULTS.add(result(cell, deed, done, violations));
    assertThat(violations).isEmpty();
  }

  private static void act(Client client, Sample sample, JsonNode created, Deed deed) {
    switch (deed) {
      case CANCEL -> client.act(Act.CANCEL, created);
      case DELETE -> client.act(Act.DELETE, created);
      case UPLOAD_AGAIN -> {
        var unused = client.upload(sample, created.path("document_id").asText());
      }
    }
  }

  private static List<String> violations(
      Recovery recovery, Client client, JsonNode created, Deed deed, Charges before)
      throws Exception {
    var cloud = matrix.cloud;
    var user = client.user;
    var violations = new ArrayList<String>();
    recovery.until(PATIENCE, () -> cloud.ask(OPEN, user).isEmpty());
    recovery.drain(PATIENCE);
    if (deed == Deed.UPLOAD_AGAIN) {
      var newest = cloud.ask(NEWEST, user).getFirst();
      if (!newest.equals("complete true true")) {
        violations.add("the newest generation is " + newest);
      }
    } else if (!isComplete(recovery, created)) {
      var unused = cloud.sweep();
      recovery.until(PATIENCE, () -> cloud.ask(TO_BE_DELETED, user).isEmpty());
      cloud.jump(SECOND_DELETION);
      recovery.until(PATIENCE, () -> isGone(user));
      if (!isGone(user)) {
        violations.add("rows are left");
      }
      var objects = Evidence.of(cloud, user).rows().get("objects");
      if (!objects.isEmpty()) {
        violations.add("objects are left: " + objects);
      }
    }
    if (!cloud.messages().isEmpty()) {
      violations.add("messages are left: " + cloud.messages());
    }
    violations.addAll(
        Charges.of(cloud).since(before).differences(List.of(Evidence.of(cloud, user)), 0));
    return violations;
  }

  private static boolean isComplete(Recovery recovery, JsonNode created) throws SQLException {
    return recovery.status(UUID.fromString(created.path("job_id").asText())).equals("complete")
        && matrix
            .cloud
            .ask(
                "select 1 from documents where document_id = ? and deleted_at is null",
                UUID.fromString(created.path("document_id").asText()))
            .equals(List.of("1"));
  }

  private static boolean isGone(UUID user) throws SQLException {
    return matrix.cloud.ask(LEFT, user, user, user, user, user, user).isEmpty();
  }

  private static CellResult result(Cell cell, Deed deed, Instant done, List<String> violations) {
    var took = Duration.between(done, matrix.cloud.clock.instant());
    var what = deed.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return new CellResult(
        cell.function(),
        cell.function() + ", " + cell.boundary(),
        what,
        "as asked",
        took,
        false,
        List.copyOf(violations));
  }
}
