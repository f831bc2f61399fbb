package dev.sluice.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.document.JobRef;
import dev.sluice.fixture.FunctionContext;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;
import dev.sluice.fixture.TestQueues;
import dev.sluice.localstack.TestServers;
import io.micronaut.context.ApplicationContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two sweeps at the same moment, such as a slow one and the next minute's. */
@Tag("servers")
class TwoSweepsTest {
  private static final int OF_A_KIND = 12;

  private static final String OVERDUE = "clock_timestamp() - interval '1 second'";
  private static final String EXPIRED =
      "lease_token = gen_random_uuid(), leased_until = " + OVERDUE + ", claimed_message_id = 'm'";

  private static TestDatabase database;
  private static ApplicationContext one;
  private static ApplicationContext other;
  private static TestQueues sqs;
  private static Seed seed;

  @BeforeAll
  static void start() {
    database = TestServers.database();
    one = context();
    other = context();
    sqs = TestQueues.of(one);
    seed = new Seed(database);
  }

  private static ApplicationContext context() {
    return FunctionContext.start(
        database, TestServers.environment("sweep", database.password(), Map.of()));
  }

  @AfterAll
  static void stop() {
    one.close();
    other.close();
    database.close();
  }

  @AfterEach
  void endAllJobs() {
    sqs.forget();
    database.ask(
        "update upload_jobs set status = 'cancelled' where status not like 'failed%' and"
            + " status not in ('complete', 'cancelled')");
  }

  @Test
  void sendEachJobOnOnce() throws Exception {
    var promised = jobs("parsed", "emit_due_at = " + OVERDUE);
    var died = jobs("chunking", "attempts = 3, " + EXPIRED);
    var waited = jobs("embeddings_stored", "wait_reason = 'outage', wait_until = " + OVERDUE);

    assertThat(race(WakeJobs.class)).isEqualTo(3 * OF_A_KIND);

    assertThat(sent("validate", "job_id")).containsExactlyInAnyOrderElementsOf(ids(promised));
    assertThat(sent("chunk", "job_id")).containsExactlyInAnyOrderElementsOf(ids(died));
    assertThat(sent("finalize", "job_id")).containsExactlyInAnyOrderElementsOf(ids(waited));
    assertThat(database.ask("select count(*) from upload_jobs where emit_due_at is not null"))
        .isEqualTo("0");
    assertThat(race(WakeJobs.class)).isZero();
  }

  @Test
  void askTheParserOnceForEachJobThatWaitsForIt() throws Exception {
    var waiting = jobs("parse_queued", "wait_reason = 'parser', wait_until = " + OVERDUE);

    assertThat(race(WakeJobs.class)).isEqualTo(OF_A_KIND);

    assertThat(sent("parse", "job_id")).containsExactlyInAnyOrderElementsOf(ids(waiting));
  }

  @Test
  void sendEachBatchOnce() throws Exception {
    var job = seed.job("embedding_in_progress", 3 * OF_A_KIND);
    var due =
        List.of(
            "emit_due_at = " + OVERDUE,
            "attempts = 3, " + EXPIRED,
            "wait_reason = 'outage', wait_until = " + OVERDUE);
    var batches = new ArrayList<String>();
    for (int i = 0; i < 3 * OF_A_KIND; i++) {
      var batch = seed.batch(job, i, i, List.of("text " + i));
      setBatch(batch, due.get(i % due.size()));
      batches.add(batch.toString());
    }

    assertThat(race(WakeBatches.class)).isEqualTo(batches.size());

    assertThat(sent("embed", "batch_id")).containsExactlyInAnyOrderElementsOf(batches);
    assertThat(race(WakeBatches.class)).isZero();
  }

  @Test
  void failEachJobThatIsOutOfAttemptsOnce() throws Exception {
    var jobs = new ArrayList<>(jobs("parse_queued", "attempts = 4, " + EXPIRED));
    jobs.addAll(jobs("embeddings_stored", "attempts = 4, " + EXPIRED));
    for (var job : jobs("embedding_in_progress", "attempts = 0")) {
      for (int i = 0; i < 2; i++) {
        setBatch(seed.batch(job, i, i, List.of("text " + i)), "attempts = 4, " + EXPIRED);
      }
      jobs.add(job);
    }

    var unused = race(FailExhausted.class);
    unused = race(WakeJobs.class) + race(WakeBatches.class);

    assertThat(jobs)
        .allSatisfy(
            job ->
                assertThat(
                        database.ask(
                            """
                            select concat_ws('/', j.status like 'failed%', j.failed_message_id,
                              (select count(*) from job_events e
                               where e.job_id = j.job_id and e.to_status like 'failed%'))
                            from upload_jobs j
                            where j.job_id = ?
                            """,
                            job.jobId()))
                    .isEqualTo("t/m/1"));
    for (var queue : List.of("parse", "embed", "finalize")) {
      assertThat(sqs.sentTo(queue)).isEmpty();
    }
  }

  /**
   * A callback is marked as sent after its message was: both may find it unsent and send. The
   * second message makes the parse stage look at the parser's job once more, which costs nothing
   * and moves nothing.
   */
  @Test
  void sendForEachCallbackAndAtMostOnceEach() throws Exception {
    var jobs = jobs("parse_queued", "attempts = 0");
    for (var job : jobs) {
      database.ask(
          "insert into webhook_log (job_id, nonce, user_id, event_type, outcome, source,"
              + " received_at) values (?, 'n', ?, 'parse.success', 'accepted', 'llamaparse',"
              + " clock_timestamp() - interval '2 minutes')",
          job.jobId(),
          job.userId());
    }

    var unused = race(ResendDeliveries.class);

    var times =
        sent("parse", "job_id").stream()
            .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    assertThat(times).containsOnlyKeys(ids(jobs));
    assertThat(times.values()).allSatisfy(count -> assertThat(count).isBetween(1L, 2L));
    assertThat(race(ResendDeliveries.class)).isZero();
  }

  /** How many rows both have taken. */
  private static int race(Class<? extends SweepTask> task) throws Exception {
    var start = new CyclicBarrier(2);
    try (var threads = Executors.newFixedThreadPool(2)) {
      var first = threads.submit(() -> sweep(one.getBean(task), start));
      var second = threads.submit(() -> sweep(other.getBean(task), start));
      return first.get() + second.get();
    }
  }

  private static int sweep(SweepTask task, CyclicBarrier start) throws Exception {
    start.await();
    return task.sweepSome();
  }

  private static List<JobRef> jobs(String status, String assignments) {
    return IntStream.range(0, OF_A_KIND)
        .mapToObj(
            n -> {
              var job = seed.job(status, 1);
              database.ask(
                  "update upload_jobs set " + assignments + " where job_id = ?", job.jobId());
              return job;
            })
        .toList();
  }

  private static void setBatch(UUID batch, String assignments) {
    database.ask("update embedding_batches set " + assignments + " where batch_id = ?", batch);
  }

  private static List<String> ids(List<JobRef> jobs) {
    return jobs.stream().map(job -> job.jobId().toString()).toList();
  }

  /** Of each message in the queue that field. */
  private static List<String> sent(String queue, String field) {
    var pattern = Pattern.compile("\"" + field + "\":\"([^\"]+)\"");
    return sqs.sentTo(queue).stream()
        .map(
            body -> {
              var matcher = pattern.matcher(body);
              assertThat(matcher.find()).as(body).isTrue();
              return matcher.group(1);
            })
        .toList();
  }
}
