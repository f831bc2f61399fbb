package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.document.JobRef;
import dev.sluice.localstack.fault.Fault;
import dev.sluice.localstack.fault.FaultPlan;
import dev.sluice.localstack.queue.LocalQueues;
import dev.sluice.message.MessageSender;
import dev.sluice.message.ValidateMessage;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * A failed job is retried by its user while an operator redrives its message: one of them is held
 * at each of its steps until the other is through.
 */
@Tag("crash")
class RedriveAndRetryTest {
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private static final String DEAD_LETTERS = "sluice-validate-dead";

  /** SQS goes by the machine's clock when it moves messages, and the database is ahead of it. */
  private static final String LONG_AGO =
      """
      update upload_jobs
      set status_changed_at = pg_catalog.clock_timestamp() - interval '1 minute'
      where job_id = ?
      returning job_id
      """;

  private static final List<CellResult> RESULTS = new ArrayList<>();

  private static CrashMatrix matrix;

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
        "Redrive and retry at once",
        """
        A job has failed in its validate stage, and its message is a dead letter. The API is
        held at each step of a retry while the message is redriven and worked on; the
        validate function is held at each step of its work on the redriven message while the
        job is retried. What is left must be what a retry alone leaves, down to the
        transitions.
        """,
        RESULTS);
  }

  /** With the failed job's message in the dead-letter queue. */
  private record Failed(SweepScenario.Stuck document, Charges before) {}

  @TestFactory
  Stream<DynamicTest> aRedriveDuringARetryRunsTheWorkOnce() {
    return steps("api", Act.RETRY.word())
        .map(
            cell ->
                DynamicTest.dynamicTest(
                    cell.name(),
                    () -> check(cell, "held; a redrive", RedriveAndRetryTest::redriveInRetry)));
  }

  @TestFactory
  Stream<DynamicTest> aRetryDuringARedriveRunsTheWorkOnce() {
    return steps("validate", "")
        .map(
            cell ->
                DynamicTest.dynamicTest(
                    cell.name(),
                    () -> check(cell, "held; a retry", RedriveAndRetryTest::retryInRedrive)));
  }

  private static Stream<Cell> steps(String function, String act) {
    return matrix.cells().stream()
        .filter(cell -> cell.function().equals(function) && cell.act().equals(act))
        .filter(cell -> cell.fault() == Fault.BREAK && !cell.cold())
        .filter(cell -> cell.side() == InFlightTest.side(cell.step()));
  }

  private interface Meeting {
    void of(Failed failed, CountDownLatch held) throws Exception;
  }

  private static void check(Cell cell, String what, Meeting meeting) throws Exception {
    var cloud = matrix.cloud;
    var failed = failed();
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
    meeting.of(failed, held);
    var released = cloud.clock.instant();
    var recovery = new Recovery(cloud);
    var status = recovery.finish(failed.document.job(), PATIENCE);
    var took = Duration.between(released, cloud.clock.instant());
    recovery.drain(PATIENCE);

    var undisturbed = matrix.acts.undisturbed(Act.RETRY);
    var evidence = Evidence.of(cloud, failed.document.client().user);
    var violations = new ArrayList<>(evidence.differences(undisturbed));
    violations.addAll(Charges.of(cloud).since(failed.before).differences(List.of(evidence), 0));
    if (evidence.paidMore(undisturbed) != 0) {
      violations.add("paid calls: " + evidence.paid() + " for " + undisturbed.paid());
    }
    if (!cloud.messages().isEmpty()) {
      violations.add("messages are left: " + cloud.messages());
    }
    var where = cell.function() + ", " + cell.boundary();
    RESULTS.add(
        new CellResult(cell.function(), where, what, status, took, false, List.copyOf(violations)));
    assertThat(violations).isEmpty();
  }

  private static Failed failed() throws Exception {
    var cloud = matrix.cloud;
    var before = Charges.of(cloud);
    var document = matrix.sweep.stuckIn("validate");
    var unused = cloud.ask(ActsScenario.FAILED, document.job());
    unused = cloud.ask(LONG_AGO, document.job());
    var job =
        new JobRef(
            document.client().user,
            UUID.fromString(document.created().path("document_id").asText()),
            document.job(),
            1);
    sendDeadLetter(new ValidateMessage(job, 0, "again"));
    return new Failed(document, before);
  }

  private static void redriveInRetry(Failed failed, CountDownLatch held) throws Exception {
    var retry =
        CompletableFuture.runAsync(
            () -> failed.document.client().act(Act.RETRY, failed.document.created()));
    awaitHeld(held);
    redrive();
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(RedriveAndRetryTest::nothingIsLeftToValidate);
    matrix.cloud.faults.release();
    retry.get(1, TimeUnit.MINUTES);
  }

  private static void retryInRedrive(Failed failed, CountDownLatch held) throws Exception {
    redrive();
    awaitHeld(held);
    failed.document.client().act(Act.RETRY, failed.document.created());
    matrix.cloud.faults.release();
  }

  private static boolean nothingIsLeftToValidate() {
    var queues = matrix.cloud.messages().keySet();
    return !queues.contains("sluice-validate") && !queues.contains(DEAD_LETTERS);
  }

  private static void awaitHeld(CountDownLatch held) throws InterruptedException {
    assertThat(held.await(1, TimeUnit.MINUTES)).as("the boundary is reached").isTrue();
  }

  private static void redrive() {
    var unused =
        matrix.cloud.sqs().startMessageMoveTask(r -> r.sourceArn(LocalQueues.arn(DEAD_LETTERS)));
  }

  /** It was first sent before its job failed. */
  private static void sendDeadLetter(ValidateMessage message) throws IOException {
    var cloud = matrix.cloud;
    var body = ObjectMapper.getDefault().writeValueAsString(message);
    var sent = Instant.now().minus(Duration.ofMinutes(2)).toEpochMilli();
    var attribute =
        MessageAttributeValue.builder()
            .dataType("Number")
            .stringValue(String.valueOf(sent))
            .build();
    var unused =
        cloud
            .sqs()
            .sendMessage(
                r ->
                    r.queueUrl(cloud.url(DEAD_LETTERS))
                        .messageBody(body)
                        .messageAttributes(Map.of(MessageSender.EMITTED_AT, attribute)));
  }
}
