package dev.sluice.localstack.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.localstack.queue.QueueDefinition.Redrive;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class LocalQueuesTest {
  private static final QueueDefinition DEAD = QueueDefinition.withDefaults("sluice-parse-dead");
  private static final QueueDefinition PARSE =
      new QueueDefinition(
          "sluice-parse",
          Duration.ofSeconds(720),
          Duration.ofDays(14),
          new Redrive("sluice-parse-dead", 2));

  @TempDir Path directory;

  @Test
  void givesQueuesTheAttributesUrlsAndArnsOfTheTemplate() throws Exception {
    try (LocalQueues queues = LocalQueues.start(directory, 0)) {
      queues.create(List.of(PARSE, DEAD));
      queues.create(List.of(PARSE, DEAD));
      String url = queues.client().getQueueUrl(r -> r.queueName("sluice-parse")).queueUrl();
      assertThat(url).isEqualTo(queues.url("sluice-parse")).endsWith("/000000000000/sluice-parse");
      Map<QueueAttributeName, String> attributes = attributes(queues, url);
      assertThat(attributes)
          .containsEntry(
              QueueAttributeName.QUEUE_ARN, "arn:aws:sqs:eu-west-1:000000000000:sluice-parse")
          .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "720");
      assertThat(attributes.get(QueueAttributeName.REDRIVE_POLICY))
          .contains(LocalQueues.arn("sluice-parse-dead"))
          .containsPattern("maxReceiveCount\"?:\\s*\"?2");
      assertThat(queues.client().listQueues().queueUrls())
          .containsExactlyInAnyOrder(url, queues.url("sluice-parse-dead"));
    }
  }

  @Test
  void changesTheAttributesOfAQueueAndKeepsItsMessages() throws Exception {
    try (LocalQueues queues = LocalQueues.start(directory, 0)) {
      queues.create(List.of(QueueDefinition.withDefaults("changing")));
      String url = queues.url("changing");
      queues.client().sendMessage(r -> r.queueUrl(url).messageBody("kept"));
      queues.create(
          List.of(
              new QueueDefinition("changing", Duration.ofSeconds(77), Duration.ofDays(1), null)));
      assertThat(attributes(queues, url))
          .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "77");
      assertThat(receive(queues.client(), url)).extracting(Message::body).containsExactly("kept");
    }
  }

  @Test
  void movesAMessageAsideAfterItsLastReceiveAndBackAgain() throws Exception {
    try (LocalQueues queues = LocalQueues.start(directory, 0)) {
      queues.create(List.of(DEAD, PARSE));
      String url = queues.url("sluice-parse");
      String dead = queues.url("sluice-parse-dead");
      queues.client().sendMessage(r -> r.queueUrl(url).messageBody("poison"));
      for (int attempt = 1; attempt <= 2; attempt++) {
        Message message = receive(queues.client(), url).getFirst();
        assertThat(message.attributes())
            .containsEntry(
                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, String.valueOf(attempt));
        queues
            .client()
            .changeMessageVisibility(
                r -> r.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(0));
      }
      assertThat(receive(queues.client(), url)).isEmpty();
      assertThat(attributes(queues, dead))
          .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "1");

      queues.client().startMessageMoveTask(r -> r.sourceArn(LocalQueues.arn("sluice-parse-dead")));
      Message back = receiveWithin(Duration.ofSeconds(20), queues.client(), url);
      assertThat(back.body()).isEqualTo("poison");
      assertThat(attributes(queues, dead))
          .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0");
    }
  }

  @Test
  void aDeadMessageIsInOneQueueAfterAStopAndItsRedriveIsStored() throws Exception {
    try (LocalQueues queues = LocalQueues.start(directory, 0)) {
      queues.create(List.of(DEAD, PARSE));
      String url = queues.url("sluice-parse");
      queues.client().sendMessage(r -> r.queueUrl(url).messageBody("poison"));
      for (int attempt = 1; attempt <= 2; attempt++) {
        Message message = receive(queues.client(), url).getFirst();
        queues
            .client()
            .changeMessageVisibility(
                r -> r.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(0));
      }
      assertThat(receive(queues.client(), url)).isEmpty();
    }
    try (LocalQueues queues = LocalQueues.start(directory, 0)) {
      queues.create(List.of(DEAD, PARSE));
      assertThat(waiting(queues)).isEqualTo("0 and 1 dead");
      queues.client().startMessageMoveTask(r -> r.sourceArn(LocalQueues.arn("sluice-parse-dead")));
      Message back =
          receiveWithin(Duration.ofSeconds(20), queues.client(), queues.url("sluice-parse"));
      queues
          .client()
          .changeMessageVisibility(
              r ->
                  r.queueUrl(queues.url("sluice-parse"))
                      .receiptHandle(back.receiptHandle())
                      .visibilityTimeout(0));
      queues
          .client()
          .sendMessage(r -> r.queueUrl(queues.url("sluice-parse")).messageBody("sent after it"));
    }
    try (LocalQueues queues = LocalQueues.start(directory, 0)) {
      assertThat(waiting(queues)).isEqualTo("2 and 0 dead");
    }
  }

  @Test
  void keepsQueuesAndMessagesOverAStop() throws Exception {
    try (LocalQueues queues = LocalQueues.start(directory, 0)) {
      queues.create(List.of(DEAD, PARSE));
      queues.client().sendMessage(r -> r.queueUrl(queues.url("sluice-parse")).messageBody("ü☃"));
    }
    try (LocalQueues queues = LocalQueues.start(directory, 0)) {
      assertThat(receive(queues.client(), queues.url("sluice-parse")))
          .extracting(Message::body)
          .containsExactly("ü☃");
    }
  }

  @Test
  void losesNothingThatWasAcknowledgedWhenTheProcessIsKilled() throws Exception {
    Process killed = otherProcess();
    try (BufferedReader output = killed.inputReader()) {
      assertThat(output.lines().anyMatch("acknowledged"::equals)).isTrue();
    } finally {
      killed.destroyForcibly().waitFor();
    }
    try (LocalQueues queues = LocalQueues.start(directory, 0)) {
      queues.create(List.of(DEAD, PARSE));
      String url = queues.url("sluice-parse");
      assertThat(attributes(queues, url))
          .as("49 to deliver; the fiftieth was received and stays hidden; one was deleted")
          .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "49")
          .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE, "1");
      assertThat(attributes(queues, url).get(QueueAttributeName.REDRIVE_POLICY))
          .contains("sluice-parse-dead");
    }
  }

  @Test
  void refusesASecondServerInOneProcess() throws Exception {
    try (LocalQueues queues = LocalQueues.start(directory, 0)) {
      assertThat(queues.endpoint().getHost()).isEqualTo("127.0.0.1");
      assertThatThrownBy(() -> LocalQueues.start(directory.resolve("second"), 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("This process already runs a queue server");
    }
  }

  private static String waiting(LocalQueues queues) {
    return attributes(queues, queues.url("sluice-parse"))
            .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)
        + " and "
        + attributes(queues, queues.url("sluice-parse-dead"))
            .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)
        + " dead";
  }

  @Test
  void listensOnLoopbackOnly() throws Exception {
    try (LocalQueues queues = LocalQueues.start(directory, 0)) {
      int port = queues.endpoint().getPort();
      List<InetAddress> others =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .filter(address -> !address.isLoopbackAddress())
              .toList();
      for (InetAddress other : others) {
        assertThatThrownBy(
                () -> {
                  try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(other, port), 1000);
                  }
                })
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void saysThatThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      assertThatThrownBy(() -> LocalQueues.start(directory, taken.getLocalPort()))
          .isInstanceOf(IOException.class)
          .hasMessage("Port %d, which the queues should get, is taken.", taken.getLocalPort());
    }
  }

  private Process otherProcess() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            OtherProcess.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /**
   * Sends 51 messages, deletes one, leaves another one received, says so and waits to be killed.
   */
  static final class OtherProcess {
    public static void main(String[] arguments) throws Exception {
      LocalQueues queues = LocalQueues.start(Path.of(arguments[0]), 0);
      queues.create(List.of(DEAD, PARSE));
      String url = queues.url("sluice-parse");
      IntStream.range(0, 51)
          .forEach(n -> queues.client().sendMessage(r -> r.queueUrl(url).messageBody("m" + n)));
      Message deleted = receive(queues.client(), url).getFirst();
      queues.client().deleteMessage(r -> r.queueUrl(url).receiptHandle(deleted.receiptHandle()));
      receive(queues.client(), url);
      System.out.println("acknowledged");
      Thread.currentThread().join();
    }
  }

  private static Map<QueueAttributeName, String> attributes(LocalQueues queues, String url) {
    return queues
        .client()
        .getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.ALL))
        .attributes();
  }

  private static List<Message> receive(SqsClient client, String url) {
    return client
        .receiveMessage(
            r -> r.queueUrl(url).messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages();
  }

  private static Message receiveWithin(Duration limit, SqsClient client, String url) {
    return client
        .receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(Math.toIntExact(limit.toSeconds())))
        .messages()
        .getFirst();
  }
}
