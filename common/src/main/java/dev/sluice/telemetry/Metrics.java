package dev.sluice.telemetry;

import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics in CloudWatch's embedded format: a line of the log that CloudWatch counts by itself, so
 * that nothing is called and nothing can fail. All are in the namespace {@code Sluice}.
 */
@Singleton
public final class Metrics {
  /** Its lines go out as they are: see {@code logback.xml}. */
  private static final Logger LINES = LoggerFactory.getLogger("metrics");

  private static final String NAMESPACE = "Sluice";

  private final ObjectMapper json;
  private final Clock clock;

  Metrics(ObjectMapper json, Clock clock) {
    this.json = json;
    this.clock = clock;
  }

  /**
   * Counts one more.
   *
   * @param dimensions of few values each: every combination is a metric of its own, and is billed
   *     as one
   */
  public void count(String metric, Map<String, String> dimensions) {
    var line = new LinkedHashMap<String, JsonNode>();
    line.put("_aws", directive(metric, List.copyOf(dimensions.keySet())));
    // For people and for filters by level; CloudWatch ignores both.
    line.put("level", text("INFO"));
    line.put("message", text(metric));
    dimensions.forEach((name, value) -> line.put(name, text(value)));
    line.put(metric, JsonNode.createNumberNode(1));
    LINES.info(write(JsonNode.createObjectNode(line)));
  }

  private JsonNode directive(String metric, List<String> dimensions) {
    var definition = JsonNode.createObjectNode(Map.of("Name", text(metric), "Unit", text("Count")));
    var names = JsonNode.createArrayNode(dimensions.stream().map(Metrics::text).toList());
    var metrics =
        JsonNode.createObjectNode(
            Map.of(
                "Namespace",
                text(NAMESPACE),
                "Dimensions",
                JsonNode.createArrayNode(List.of(names)),
                "Metrics",
                JsonNode.createArrayNode(List.of(definition))));
    return JsonNode.createObjectNode(
        Map.of(
            "Timestamp",
            JsonNode.createNumberNode(clock.millis()),
            "CloudWatchMetrics",
            JsonNode.createArrayNode(List.of(metrics))));
  }

  private String write(JsonNode line) {
    try {
      return json.writeValueAsString(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode text(String value) {
    return JsonNode.createStringNode(value);
  }
}
