package dev.sluice.localstack.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;

class InterruptedReceivesTest {
  private static final QueueDefinition QUEUE =
      new QueueDefinition("work-queue", Duration.ofMinutes(12), Duration.ofDays(1), null);

  @TempDir Path directory;

  @Test
  void makesAMessageVisibleThatNobodyHoldsAnyMoreButNotOneThatIsDelayed() throws Exception {
    assertThat(InterruptedReceives.release(directory, Instant.now())).isZero();
    try (LocalQueues queues = LocalQueues.start(directory, 0)) {
      queues.create(List.of(QUEUE));
      String url = queues.url("work-queue");
      queues.client().sendMessage(m -> m.queueUrl(url).messageBody("held"));
      assertThat(receive(queues.client(), url)).containsExactly("held");
      queues.client().sendMessage(m -> m.queueUrl(url).messageBody("later").delaySeconds(600));
    }

    assertThat(InterruptedReceives.release(directory, Instant.now())).isEqualTo(1);

    try (LocalQueues queues = LocalQueues.start(directory, 0)) {
      assertThat(receive(queues.client(), queues.url("work-queue"))).containsExactly("held");
    }
  }

  private static List<String> receive(SqsClient client, String url) {
    return client.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10)).messages().stream()
        .map(message -> message.body())
        .toList();
  }
}
