package dev.sluice.cli.redrive;

import dev.sluice.cli.api.Pause;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResultEntry;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A stack's dead-letter queues. SQS itself moves the messages, as its console does: what is sent
 * anew would lose its place in the audit trail of SQS, and could be sent twice.
 */
public final class DeadLetterQueues implements AutoCloseable {
  /** The stages that have one, in a document's order. */
  public static final List<String> STAGES =
      List.of("parse", "validate", "chunk", "embed", "finalize");

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final SqsClient sqs;
  private final String stack;
  private final Pause pause;

  private DeadLetterQueues(SqsClient sqs, String stack, Pause pause) {
    this.sqs = sqs;
    this.stack = stack;
    this.pause = pause;
  }

  /** Of the local cloud, whose SQS listens at the address. */
  public static DeadLetterQueues local(URI address, Pause pause) {
    return new DeadLetterQueues(
        SqsClient.builder()
            .endpointOverride(address)
            .region(Region.EU_WEST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .httpClient(UrlConnectionHttpClient.create())
            .build(),
        "sluice",
        pause);
  }

  /** Of a deployed stack, with the region and credentials that the AWS SDK finds. */
  public static DeadLetterQueues of(String stack, Pause pause) {
    return new DeadLetterQueues(
        SqsClient.builder().httpClient(UrlConnectionHttpClient.create()).build(), stack, pause);
  }

  /**
   * Moves the stage's dead letters back to its queue and waits until they are there.
   *
   * @throws RedriveRefused if SQS gave up, or was not done within ten minutes
   */
  public Redriven redrive(String stage) {
    String url =
        sqs.getQueueUrl(request -> request.queueName(stack + "-" + stage + "-dead")).queueUrl();
    Map<QueueAttributeName, String> attributes =
        sqs.getQueueAttributes(
                request ->
                    request
                        .queueUrl(url)
                        .attributeNames(
                            QueueAttributeName.QUEUE_ARN,
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
            .attributes();
    if ("0".equals(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))) {
      return new Redriven(stage, 0);
    }
    String arn = attributes.getOrDefault(QueueAttributeName.QUEUE_ARN, "");
    String task = sqs.startMessageMoveTask(request -> request.sourceArn(arn)).taskHandle();
    return new Redriven(stage, moved(stage, arn, task));
  }

  private long moved(String stage, String arn, String task) {
    Duration waited = Duration.ZERO;
    while (waited.compareTo(LONGEST) < 0 && !Thread.currentThread().isInterrupted()) {
      ListMessageMoveTasksResultEntry state = state(arn, task);
      switch (state.status()) {
        case "COMPLETED" -> {
          return state.approximateNumberOfMessagesMoved();
        }
        case "FAILED", "CANCELLED" ->
            throw new RedriveRefused(
                "the redrive of %s ended as %s after %d messages: %s"
                    .formatted(
                        stage,
                        state.status(),
                        state.approximateNumberOfMessagesMoved(),
                        state.failureReason()));
        default -> pause.pause(BETWEEN_LOOKS);
      }
      waited = waited.plus(BETWEEN_LOOKS);
    }
    throw new RedriveRefused(
        "the redrive of "
            + stage
            + " was started and is not over yet; see: aws sqs list-message-move-tasks --source-arn "
            + arn);
  }

  /** A task that is over has no handle on AWS any more; the newest comes first. */
  private ListMessageMoveTasksResultEntry state(String arn, String task) {
    List<ListMessageMoveTasksResultEntry> tasks =
        sqs.listMessageMoveTasks(request -> request.sourceArn(arn).maxResults(10)).results();
    return tasks.stream()
        .filter(entry -> task.equals(entry.taskHandle()))
        .findFirst()
        .orElseGet(tasks::getFirst);
  }

  @Override
  public void close() {
    sqs.close();
  }
}
