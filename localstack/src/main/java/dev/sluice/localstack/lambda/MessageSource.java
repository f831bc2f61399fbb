package dev.sluice.localstack.lambda;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** One queue, as an event source mapping uses it. */
final class MessageSource {
  private static final Logger LOG = LoggerFactory.getLogger(MessageSource.class);

  /** SQS gives at most ten messages a receive and takes at most ten a batch request. */
  static final int LARGEST_BATCH = 10;

  private final SqsClient sqs;
  private final String queueUrl;

  MessageSource(SqsClient sqs, String queueUrl) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
  }

  String queueUrl() {
    return queueUrl;
  }

  /**
   * Receives with all attributes.
   *
   * @param most at most ten
   * @param wait for a first message, rounded up to whole seconds
   */
  List<Message> receive(int most, Duration wait) {
    return sqs.receiveMessage(
            request ->
                request
                    .queueUrl(queueUrl)
                    .maxNumberOfMessages(most)
                    .waitTimeSeconds((int) wait.plusMillis(999).toSeconds())
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                    .messageAttributeNames("All"))
        .messages();
  }

  void delete(List<Message> messages) {
    for (int from = 0; from < messages.size(); from += LARGEST_BATCH) {
      int to = Math.min(from + LARGEST_BATCH, messages.size());
      List<DeleteMessageBatchRequestEntry> entries = entries(messages.subList(from, to));
      sqs.deleteMessageBatch(request -> request.queueUrl(queueUrl).entries(entries))
          .failed()
          .forEach(
              failure ->
                  LOG.warn(
                      "a message of {} could not be deleted and will be delivered again: {}",
                      queueUrl,
                      failure.message()));
    }
  }

  private static List<DeleteMessageBatchRequestEntry> entries(List<Message> messages) {
    return IntStream.range(0, messages.size())
        .mapToObj(
            i ->
                DeleteMessageBatchRequestEntry.builder()
                    .id(String.valueOf(i))
                    .receiptHandle(messages.get(i).receiptHandle())
                    .build())
        .toList();
  }

  /** Makes messages visible at once, which were in hand when the local cloud was told to stop. */
  void giveBack(List<Message> messages) {
    for (Message message : messages) {
      try {
        sqs.changeMessageVisibility(
            request ->
                request
                    .queueUrl(queueUrl)
                    .receiptHandle(message.receiptHandle())
                    .visibilityTimeout(0));
      } catch (SdkException e) {
        LOG.warn(
            "message {} stays hidden for the queue's visibility timeout: {}",
            message.messageId(),
            e.getMessage());
      }
    }
  }
}
