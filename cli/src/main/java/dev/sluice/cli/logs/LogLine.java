package dev.sluice.cli.logs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.cli.api.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One line of a function's log.
 *
 * @param at null for what a process printed without a time, such as a JVM's last words
 * @param fields the ids, the stage and the outcome
 */
record LogLine(
    String function,
    @Nullable Instant at,
    String level,
    String message,
    Map<String, String> fields,
    @Nullable String trouble) {

  private static final Set<String> IDS =
      Set.of("correlation_id", "job_id", "document_id", "message_id", "user_id");

  static LogLine parse(String function, String line) {
    if (line.startsWith("{")) {
      try {
        return parse(function, Json.MAPPER.readTree(line));
      } catch (IOException notJson) {
        // A line cut off by a killed process is shown as it is.
      }
    }
    return new LogLine(function, null, "", line, Map.of(), null);
  }

  /** Whether one of the ids is, or begins with, what is looked for. */
  boolean mentions(String id) {
    return IDS.stream().map(fields::get).anyMatch(value -> value != null && value.startsWith(id));
  }

  private static LogLine parse(String function, JsonNode json) {
    Map<String, String> fields = new TreeMap<>();
    JsonNode ids = json.has("mdc") ? json.get("mdc") : json;
    ids.properties().forEach(field -> fields.put(field.getKey(), field.getValue().asText()));
    return new LogLine(
        function,
        time(json),
        json.path("level").asText(""),
        first(json, "formattedMessage", "message"),
        fields,
        trouble(json.path("throwable")));
  }

  private static @Nullable Instant time(JsonNode json) {
    JsonNode timestamp = json.path("timestamp");
    if (timestamp.isNumber()) {
      return Instant.ofEpochMilli(timestamp.asLong());
    }
    try {
      return timestamp.isTextual() ? Instant.parse(timestamp.asText()) : null;
    } catch (java.time.format.DateTimeParseException unknownFormat) {
      return null;
    }
  }

  private static String first(JsonNode json, String... names) {
    for (String name : names) {
      if (json.hasNonNull(name)) {
        return json.get(name).asText();
      }
    }
    return "";
  }

  private static @Nullable String trouble(JsonNode throwable) {
    if (throwable.isMissingNode() || throwable.isNull()) {
      return null;
    }
    return throwable.path("className").asText() + ": " + throwable.path("message").asText();
  }
}
