package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.cloud.RunningCloud;
import dev.sluice.localstack.queue.LocalQueues;
import dev.sluice.localstack.queue.QueueDefinition;
import dev.sluice.localstack.queue.QueueDefinition.Redrive;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The commands that change what is there: retry, cancel, delete, redrive. */
class OperatorCommandsTest {
  @TempDir Path folder;
  private ScriptedSluice sluice;
  private Bench bench;

  @BeforeEach
  void start() throws IOException {
    sluice = new ScriptedSluice();
    bench = new Bench(folder).running(sluice.url());
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  @Test
  void cancelsADocumentsJob() throws IOException {
    String id = ingested("policy.txt");
    assertThat(bench.run("cancel", id)).isZero();
    assertThat(bench.out()).isEqualTo("Generation 1 of policy.txt is cancelled.\n");
  }

  @Test
  void saysWhyAJobCannotBeCancelled() throws IOException {
    String id = ingested("policy.txt");
    assertThat(bench.run("cancel", id)).isZero();
    assertThat(bench.run("cancel", id)).isEqualTo(2);
    assertThat(bench.err()).isEqualTo("sluice: the script says job_cancelled\n");
    assertThat(bench.run("cancel", "nobody")).isEqualTo(2);
  }

  @Test
  void letsAJobGoOn() throws IOException {
    String id = ingested("policy.txt");
    assertThat(bench.run("retry", id)).isZero();
    assertThat(bench.out())
        .isEqualTo("policy.txt goes on from parsed; follow it with: ./sluice status " + id + "\n");
  }

  @Test
  void putsTheGenerationBeforeBackAndTheNewerOneAgain() throws IOException {
    String id = ingested("policy.txt");
    sluice.generations(id, 3);
    assertThat(bench.run("rollback", id)).isZero();
    assertThat(bench.run("rollback", "--to", "3", id)).isZero();
    assertThat(bench.run("rollback", "--to", "3", id)).isZero();
    assertThat(bench.out())
        .isEqualTo(
            """
            Search reads generation 2 of policy.txt; it read generation 3.
            Search reads generation 3 of policy.txt; it read generation 2.
            Search reads generation 3 of policy.txt already.
            """);
  }

  @Test
  void saysThatThereIsNothingToGoBackTo() throws IOException {
    String id = ingested("policy.txt");
    assertThat(bench.run("rollback", id)).isEqualTo(2);
    assertThat(bench.err()).isEqualTo("sluice: the script has none before it\n");
    assertThat(bench.run("rollback", "nobody")).isEqualTo(2);
  }

  @Test
  void aRollbackWhoseAnswerWasLostGoesNoFurtherBack() throws IOException {
    String id = ingested("policy.txt");
    sluice.generations(id, 3);
    sluice.loseAnswers = true;
    assertThat(bench.run("rollback", "--json", id)).isZero();
    assertThat(bench.json().get("active_generation").asInt()).isEqualTo(2);
  }

  @Test
  void deletesADocument() throws IOException {
    String id = ingested("policy.txt");
    assertThat(bench.run("delete", id)).isZero();
    assertThat(bench.out()).isEqualTo("Document " + id + " is deleted.\n");
    assertThat(bench.run("delete", id)).isEqualTo(2);
    assertThat(bench.err()).contains("there is no document " + id + " of yours");
  }

  @Test
  void anAnswerThatWasLostIsNoFailure() throws IOException {
    String id = ingested("policy.txt");
    String other = ingested("other.txt");
    sluice.loseAnswers = true;
    assertThat(bench.run("cancel", id)).isZero();
    assertThat(bench.run("delete", other)).isZero();
    assertThat(bench.out()).contains("is cancelled").contains("is deleted");
  }

  @Test
  void answersProgramsInJson() throws IOException {
    String id = ingested("policy.txt");
    assertThat(bench.run("cancel", "--json", id)).isZero();
    assertThat(bench.json().get("status").asText()).isEqualTo("cancelled");

    Bench deleting = new Bench(folder).running(sluice.url());
    assertThat(deleting.run("delete", "--json", id)).isZero();
    assertThat(deleting.json().get("deleted").asBoolean()).isTrue();
    assertThat(deleting.json().get("document_id").asText()).isEqualTo(id);
  }

  @Test
  void redriveWantsOneQueueOrAll() {
    assertThat(bench.run("redrive")).isEqualTo(2);
    assertThat(bench.run("redrive", "embed", "--all")).isEqualTo(2);
    assertThat(bench.run("redrive", "nothing")).isEqualTo(2);
    assertThat(bench.err())
        .contains("name one queue, or --all of them")
        .contains("there is no queue nothing; there are parse, validate, chunk, embed, finalize");
    assertThat(new Bench(folder).run("redrive", "embed")).isEqualTo(2);
  }

  @Test
  void redriveSaysThatNobodyAnswers() {
    bench.running(at(URI.create("http://127.0.0.1:1")));
    assertThat(bench.run("redrive", "embed")).isEqualTo(2);
    assertThat(bench.err()).startsWith("sluice: not all messages were moved: ");
  }

  @Test
  @Tag("servers")
  void bringsDeadLettersBackAndSaysHowMany() throws IOException {
    try (LocalQueues queues = LocalQueues.start(folder.resolve("queues"), 0)) {
      queues.create(
          Stream.of("parse", "validate", "chunk", "embed", "finalize")
              .flatMap(stage -> definitions(stage).stream())
              .toList());
      dead(queues, "embed", "one");
      dead(queues, "embed", "two");
      dead(queues, "parse", "three");
      bench.running(at(queues.endpoint()));

      assertThat(bench.run("redrive", "embed")).as(bench.err()).isZero();
      assertThat(bench.out()).isEqualTo("embed: 2 messages went back to the queue.\n");
      assertThat(waiting(queues, "sluice-embed")).isEqualTo("2");
      assertThat(waiting(queues, "sluice-embed-dead")).isEqualTo("0");

      Bench all = new Bench(folder).running(at(queues.endpoint()));
      assertThat(all.run("redrive", "--all", "--json")).isZero();
      assertThat(all.json().get("queues")).hasSize(5);
      assertThat(all.json().get("queues").get(0).toString())
          .isEqualTo("{\"stage\":\"parse\",\"moved\":1}");
      assertThat(all.json().get("queues").get(3).get("moved").asInt()).isZero();
    }
  }

  private static List<QueueDefinition> definitions(String stage) {
    return List.of(
        QueueDefinition.withDefaults("sluice-" + stage + "-dead"),
        new QueueDefinition(
            "sluice-" + stage,
            Duration.ofSeconds(30),
            Duration.ofDays(1),
            new Redrive("sluice-" + stage + "-dead", 1)));
  }

  private static void dead(LocalQueues queues, String stage, String body) {
    String url = queues.url("sluice-" + stage);
    queues.client().sendMessage(r -> r.queueUrl(url).messageBody(body));
    var message = queues.client().receiveMessage(r -> r.queueUrl(url)).messages().getFirst();
    queues
        .client()
        .changeMessageVisibility(
            r -> r.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(0));
    queues.client().receiveMessage(r -> r.queueUrl(url));
  }

  private static String waiting(LocalQueues queues, String queue) {
    return String.valueOf(
        queues
            .client()
            .getQueueAttributes(
                r ->
                    r.queueUrl(queues.url(queue))
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
            .attributes()
            .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
  }

  private static RunningCloud at(URI sqs) {
    return new RunningCloud(1, sqs, Map.of("sqs", sqs.toString()), ScriptedSluice.TOKEN);
  }

  private String ingested(String name) throws IOException {
    Bench other = new Bench(folder).running(sluice.url());
    other.run("ingest", "--json", Files.writeString(folder.resolve(name), name).toString());
    return other.json().get("documents").get(0).get("document_id").asText();
  }
}
