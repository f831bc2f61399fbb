package dev.sluice.localstack;

import dev.sluice.localstack.objects.ObjectCreated;
import dev.sluice.localstack.template.BucketDefinition;
import dev.sluice.localstack.template.BucketDefinition.Notification;
import dev.sluice.localstack.template.CloudTemplate;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Tells the queues that the template names of each new object. */
final class ObjectNotifications {
  private final CloudTemplate template;
  private final String region;
  private final CompletableFuture<SqsClient> sqs;
  private final InstantSource clock;

  /**
   * Notifications that wait for the queues.
   *
   * @param sqs the queues' client, as soon as they run
   */
  ObjectNotifications(
      CloudTemplate template,
      String region,
      CompletableFuture<SqsClient> sqs,
      InstantSource clock) {
    this.template = template;
    this.region = region;
    this.sqs = sqs;
    this.clock = clock;
  }

  /** Sends what S3 would; returns when the queue has it. */
  void created(ObjectCreated object) {
    for (BucketDefinition bucket : template.buckets()) {
      for (Notification notification : bucket.notifications()) {
        if (bucket.name().equals(object.bucket()) && notification.takes(object.key())) {
          send(object, notification);
        }
      }
    }
  }

  private void send(ObjectCreated object, Notification notification) {
    SqsClient client = sqs.join();
    String queue = template.queueByArn(notification.queueArn()).name();
    String url = client.getQueueUrl(request -> request.queueName(queue)).queueUrl();
    String event = ObjectCreatedEvent.of(region, notification.id(), object, clock.instant());
    client.sendMessage(message -> message.queueUrl(url).messageBody(event));
  }
}
