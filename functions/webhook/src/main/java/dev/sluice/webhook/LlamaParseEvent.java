package dev.sluice.webhook;

import dev.sluice.callback.CallbackRefused;
import io.micronaut.json.tree.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The body of LlamaParse's callback: ids only. What it must have must be of the right type; what
 * else it has is not looked at, since the provider adds fields without notice.
 *
 * @param timestamp seconds since the epoch, with fractions
 * @param parseJobId the parser's job, which it gives under two names
 */
record LlamaParseEvent(
    @Nullable String eventId,
    @Nullable String eventType,
    @Nullable Double timestamp,
    @Nullable String parseJobId) {

  /**
   * Reads an event.
   *
   * @throws CallbackRefused if it is no object, or a part has another type
   */
  static LlamaParseEvent of(JsonNode body) {
    var event = object(body);
    var data = event.get("data");
    return new LlamaParseEvent(
        text(event, "event_id"),
        text(event, "event_type"),
        number(event, "timestamp"),
        data == null || data.isNull() ? null : parseJobId(object(data)));
  }

  private static @Nullable String parseJobId(JsonNode data) {
    var jobId = text(data, "job_id");
    return jobId != null ? jobId : text(data, "id");
  }

  private static JsonNode object(JsonNode node) {
    return checked(node, node.isObject());
  }

  private static @Nullable String text(JsonNode node, String name) {
    var value = node.get(name);
    return value == null || value.isNull()
        ? null
        : checked(value, value.isString()).getStringValue();
  }

  private static @Nullable Double number(JsonNode node, String name) {
    var value = node.get(name);
    return value == null || value.isNull()
        ? null
        : (Double) checked(value, value.isNumber()).getNumberValue().doubleValue();
  }

  private static JsonNode checked(JsonNode node, boolean hasItsType) {
    if (!hasItsType) {
      throw new CallbackRefused("body_malformed");
    }
    return node;
  }
}
