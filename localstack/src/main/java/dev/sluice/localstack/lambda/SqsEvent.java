package dev.sluice.localstack.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** The JSON between SQS's event source mapping and a function, both ways. */
final class SqsEvent {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SqsEvent() {}

  /** The event as AWS shapes it. */
  static byte[] of(List<Message> messages, String queueArn) {
    ObjectNode event = JSON.createObjectNode();
    messages.forEach(message -> event.withArray("Records").add(entry(message, queueArn)));
    try {
      return JSON.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always has a JSON form", e);
    }
  }

  private static ObjectNode entry(Message message, String queueArn) {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("messageId", message.messageId());
    entry.put("receiptHandle", message.receiptHandle());
    entry.put("body", message.body());
    ObjectNode attributes = entry.putObject("attributes");
    message.attributesAsStrings().forEach(attributes::put);
    ObjectNode own = entry.putObject("messageAttributes");
    message.messageAttributes().forEach((name, value) -> own.set(name, attribute(value)));
    if (message.md5OfMessageAttributes() != null) {
      entry.put("md5OfMessageAttributes", message.md5OfMessageAttributes());
    }
    entry.put("md5OfBody", message.md5OfBody());
    entry.put("eventSource", "aws:sqs");
    entry.put("eventSourceARN", queueArn);
    entry.put("awsRegion", queueArn.split(":", -1)[3]);
    return entry;
  }

  private static ObjectNode attribute(MessageAttributeValue value) {
    ObjectNode attribute = JSON.createObjectNode();
    if (value.stringValue() != null) {
      attribute.put("stringValue", value.stringValue());
    }
    if (value.binaryValue() != null) {
      byte[] bytes = value.binaryValue().asByteArrayUnsafe();
      attribute.put("binaryValue", Base64.getEncoder().encodeToString(bytes));
    }
    attribute.putArray("stringListValues");
    attribute.putArray("binaryListValues");
    attribute.put("dataType", value.dataType());
    return attribute;
  }

  /**
   * The ids of the messages that failed, out of a function's answer; nothing if the answer is
   * malformed, which fails the whole batch. No answer, {@code null} and {@code {}} are success.
   *
   * @param batch ids of the messages sent; an id that is none of them is malformed as well
   */
  static Optional<Set<String>> failures(byte[] answer, Set<String> batch) {
    try {
      JsonNode root = JSON.readTree(answer);
      if (root.isMissingNode() || root.isNull()) {
        return Optional.of(Set.of());
      }
      JsonNode failures = root.path("batchItemFailures");
      if (!root.isObject()
          || !(failures.isMissingNode() || failures.isNull() || failures.isArray())) {
        return Optional.empty();
      }
      return identifiers(failures, batch);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Set<String>> identifiers(JsonNode failures, Set<String> batch) {
    Set<String> ids = new HashSet<>();
    for (JsonNode failure : failures) {
      String id = failure.path("itemIdentifier").asText("");
      if (!batch.contains(id)) {
        return Optional.empty();
      }
      ids.add(id);
    }
    return Optional.of(ids);
  }
}
