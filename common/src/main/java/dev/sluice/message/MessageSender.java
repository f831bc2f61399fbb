package dev.sluice.message;

import dev.sluice.document.PipelineStage;
import io.micronaut.context.annotation.Property;
import io.micronaut.core.convert.format.MapFormat;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Sends messages to the stages' queues, after the commit that they announce. */
@Singleton
public final class MessageSender {
  /**
   * The attribute with the time of the first sending, in milliseconds since 1970. SQS's own time
   * changes with a redrive, this one does not: that is how the two are told apart.
   */
  public static final String EMITTED_AT = "emitted_at";

  /** SQS takes ten messages a call. */
  private static final int BATCH = 10;

  private final SqsClient sqs;
  private final ObjectMapper json;
  private final Clock clock;
  private final Map<String, String> queueUrls;

  MessageSender(
      SqsClient sqs,
      ObjectMapper json,
      Clock clock,
      @Property(name = "sluice.queues")
          @MapFormat(transformation = MapFormat.MapTransformation.FLAT)
          @Nullable Map<String, String> queueUrls) {
    this.sqs = sqs;
    this.json = json;
    this.clock = clock;
    // Lambda makes every bean at its start, also in the one function that sends nothing.
    this.queueUrls = queueUrls == null ? Map.of() : Map.copyOf(queueUrls);
  }

  /**
   * Sends to the stage's queue.
   *
   * @throws RuntimeException if SQS did not take it; the caller's own message then stays
   */
  public void send(PipelineStage to, StageMessage message) {
    sqs.sendMessage(
        request ->
            request
                .queueUrl(url(to))
                .messageBody(body(message))
                .messageAttributes(emittedNow())
                .messageGroupId(tenant(message)));
  }

  /**
   * Sends to the stage's queue, to be delivered when the delay is over.
   *
   * @param delay up to 15 minutes, in whole seconds
   * @return SQS's id of the message
   * @throws RuntimeException if SQS did not take it
   */
  public String sendLater(PipelineStage to, StageMessage message, Duration delay) {
    return sqs.sendMessage(
            request ->
                request
                    .queueUrl(url(to))
                    .messageBody(body(message))
                    .messageAttributes(emittedNow())
                    .messageGroupId(tenant(message))
                    .delaySeconds(Math.toIntExact(delay.toSeconds())))
        .messageId();
  }

  /**
   * Sends all, ten a call. SQS answers 200 with failures inside, so each answer is looked into.
   *
   * @throws MessagesNotSent if SQS refused some; the others are sent, and sending again is harmless
   */
  public void sendAll(PipelineStage to, List<? extends StageMessage> messages) {
    int refused = 0;
    for (int from = 0; from < messages.size(); from += BATCH) {
      refused += sendBatch(to, messages.subList(from, Math.min(messages.size(), from + BATCH)));
    }
    if (refused > 0) {
      throw new MessagesNotSent(to, refused, messages.size());
    }
  }

  private int sendBatch(PipelineStage to, List<? extends StageMessage> messages) {
    var entries = new ArrayList<SendMessageBatchRequestEntry>();
    for (var message : messages) {
      entries.add(
          SendMessageBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .messageBody(body(message))
              .messageAttributes(emittedNow())
              .messageGroupId(tenant(message))
              .build());
    }
    return sqs.sendMessageBatch(request -> request.queueUrl(url(to)).entries(entries))
        .failed()
        .size();
  }

  /** About how many messages wait in the stage's queue; those in hand or hidden do not count. */
  public int waiting(PipelineStage stage) {
    return waitingAt(url(stage));
  }

  /** The same of any queue, such as a dead-letter queue. */
  public int waitingAt(String queueUrl) {
    var attributes =
        sqs.getQueueAttributes(
                request ->
                    request
                        .queueUrl(queueUrl)
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
            .attributes();
    return Integer.parseInt(
        attributes.getOrDefault(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0"));
  }

  /**
   * The URL of a stage's queue.
   *
   * @throws IllegalStateException if this function's template entry gives it no such queue
   */
  public String url(PipelineStage stage) {
    var url = queueUrls.get(stage.wireName());
    if (url == null) {
      throw new IllegalStateException(
          "this function has no " + stage.wireName() + " queue: see its application.properties");
    }
    return url;
  }

  /** A fair queue serves tenants in turn; a server that has no such queues ignores the name. */
  private static String tenant(StageMessage message) {
    return message.job().userId().toString();
  }

  private Map<String, MessageAttributeValue> emittedNow() {
    return Map.of(
        EMITTED_AT,
        MessageAttributeValue.builder()
            .dataType("Number")
            .stringValue(Long.toString(clock.millis()))
            .build());
  }

  private String body(StageMessage message) {
    try {
      return json.writeValueAsString(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SQS took some messages of a batch and not others. */
  public static final class MessagesNotSent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MessagesNotSent(PipelineStage to, int refused, int of) {
      super(
          "SQS refused " + refused + " of " + of + " messages to the " + to.wireName() + " queue");
    }
  }
}
