package dev.sluice.localstack.queue;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Makes queues on any server that speaks SQS. */
public final class QueueCreation {
  private final SqsClient client;

  public QueueCreation(SqsClient client) {
    this.client = client;
  }

  /** Makes the queues that are missing and gives all of them their attributes; messages stay. */
  public void create(Collection<QueueDefinition> definitions) {
    List<QueueDefinition> deadLettersFirst =
        definitions.stream()
            .sorted(Comparator.comparing((QueueDefinition queue) -> queue.redrive() != null))
            .toList();
    deadLettersFirst.forEach(this::create);
  }

  private void create(QueueDefinition queue) {
    Map<QueueAttributeName, String> attributes = attributes(queue);
    Optional<String> url = url(queue.name());
    if (url.isPresent()) {
      client.setQueueAttributes(request -> request.queueUrl(url.get()).attributes(attributes));
    } else {
      client.createQueue(request -> request.queueName(queue.name()).attributes(attributes));
    }
  }

  /** The queue's URL, if it exists. */
  Optional<String> url(String name) {
    try {
      return Optional.of(client.getQueueUrl(request -> request.queueName(name)).queueUrl());
    } catch (QueueDoesNotExistException e) {
      return Optional.empty();
    }
  }

  private static Map<QueueAttributeName, String> attributes(QueueDefinition queue) {
    Map<QueueAttributeName, String> attributes = new TreeMap<>();
    attributes.put(
        QueueAttributeName.VISIBILITY_TIMEOUT,
        String.valueOf(queue.visibilityTimeout().toSeconds()));
    attributes.put(
        QueueAttributeName.MESSAGE_RETENTION_PERIOD, String.valueOf(queue.retention().toSeconds()));
    QueueDefinition.Redrive redrive = queue.redrive();
    if (redrive != null) {
      attributes.put(
          QueueAttributeName.REDRIVE_POLICY,
          "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}"
              .formatted(LocalQueues.arn(redrive.deadLetterQueue()), redrive.maxReceiveCount()));
    }
    return attributes;
  }
}
