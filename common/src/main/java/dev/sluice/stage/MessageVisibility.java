package dev.sluice.stage;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.sluice.document.PipelineStage;
import dev.sluice.message.MessageSender;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Sets when a message that SQS keeps is delivered again. */
@Singleton
final class MessageVisibility {
  private static final Logger LOG = LoggerFactory.getLogger(MessageVisibility.class);

  /** SQS's own limit: 12 hours. */
  private static final int LONGEST_SECONDS = 43_200;

  private final SqsClient sqs;
  private final MessageSender queues;

  MessageVisibility(SqsClient sqs, MessageSender queues) {
    this.sqs = sqs;
    this.queues = queues;
  }

  /**
   * Rounds up to whole seconds. If SQS does not answer, the queue's own visibility timeout holds.
   */
  void comeBackAfter(PipelineStage stage, SQSMessage message, Duration delay) {
    int seconds = Math.clamp(delay.plusMillis(999).toSeconds(), 0, LONGEST_SECONDS);
    try {
      sqs.changeMessageVisibility(
          request ->
              request
                  .queueUrl(queues.url(stage))
                  .receiptHandle(message.getReceiptHandle())
                  .visibilityTimeout(seconds));
    } catch (SdkException e) {
      LOG.warn("SQS did not take the new visibility; the message comes back when its own ends", e);
    }
  }
}
