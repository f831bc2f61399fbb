package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.document.JobRef;
import dev.sluice.localstack.fault.FaultPlan;
import dev.sluice.message.ChunkMessage;
import dev.sluice.message.EmbedMessage;
import dev.sluice.message.FinalizeMessage;
import dev.sluice.message.ParseMessage;
import dev.sluice.message.StageMessage;
import dev.sluice.message.ValidateMessage;
import io.micronaut.serde.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Messages that come twice, too early, too late and in the wrong order. */
@Tag("crash")
class RedeliveryTest {
  private static final Duration PATIENCE = Duration.ofMinutes(40);

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
  }

  private record Sent(String queue, StageMessage message) {}

  @Test
  void everyMessageTwiceAndInReverseOrderChangesNothing() throws Exception {
    var cloud = matrix.cloud;
    cloud.faults.begin(FaultPlan.NONE);
    var client = new Client(cloud);
    var created = client.upload(Sample.LONG);
    var job =
        new JobRef(
            client.user,
            UUID.fromString(created.path("document_id").asText()),
            UUID.fromString(created.path("job_id").asText()),
            1);
    var recovery = new Recovery(cloud);
    var last = new AtomicReference<>("");
    recovery.until(
        PATIENCE,
        () -> {
          var status = recovery.status(job.jobId());
          if (!status.equals(last.getAndSet(status))) {
            sendAllTwiceInReverse(job);
          }
          return status.equals("complete");
        });
    recovery.drain(PATIENCE);
    sendAllTwiceInReverse(job);
    recovery.drain(PATIENCE);
    var unused = client.search("Which barge has sentence 7?");

    var evidence = Evidence.of(cloud, client.user);
    assertThat(evidence.differences(matrix.undisturbed(Sample.LONG))).isEmpty();
    assertThat(evidence.paid()).isEqualTo(matrix.undisturbed(Sample.LONG).paid());
    assertThat(cloud.messages()).isEmpty();
    ReliabilityPage.writeOutages(
        "Redelivery",
        """
        At every status of the job, and again when it was complete, every message that any stage
        has ever sent or will send for it was put into its queue twice, the last stage's first.
        """,
        List.of(
            new CellResult(
                "every queue",
                "every queue",
                "each message twice and in reverse order, at each status",
                "complete",
                Duration.ZERO,
                false,
                List.of())));
  }

  private static void sendAllTwiceInReverse(JobRef job) {
    try {
      for (var sent : all(job).reversed()) {
        var body = ObjectMapper.getDefault().writeValueAsString(sent.message);
        for (int i = 0; i < 2; i++) {
          matrix
              .cloud
              .sqs()
              .sendMessage(
                  r -> r.queueUrl(matrix.cloud.url("sluice-" + sent.queue)).messageBody(body));
        }
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static List<Sent> all(JobRef job) throws Exception {
    var all = new ArrayList<Sent>();
    all.add(new Sent("parse", new ParseMessage(ParseMessage.Kind.SUBMIT, job, 0, "again")));
    all.add(new Sent("parse", new ParseMessage(ParseMessage.Kind.COLLECT, job, 0, "again")));
    all.add(new Sent("validate", new ValidateMessage(job, 0, "again")));
    all.add(new Sent("chunk", new ChunkMessage(job, 0, "again")));
    var batches =
        matrix.cloud.ask(
            "select batch_id from embedding_batches where job_id = ? order by batch_no",
            job.jobId());
    for (int i = 0; i < batches.size(); i++) {
      all.add(
          new Sent("embed", new EmbedMessage(job, UUID.fromString(batches.get(i)), i, 0, "again")));
    }
    all.add(new Sent("finalize", new FinalizeMessage(job, 0, "again")));
    return all;
  }
}
