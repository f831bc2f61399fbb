package dev.sluice.simulator.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.simulator.http.Json;
import dev.sluice.simulator.openai.MinuteLimits;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Limits as JSON: {@code {"limits": [{"model", "requests_per_minute", "tokens_per_minute"}]}}. */
final class LimitsReader {
  private LimitsReader() {}

  static List<Map<String, Object>> write(Map<String, MinuteLimits> limits) {
    return limits.entrySet().stream().map(LimitsReader::write).toList();
  }

  private static Map<String, Object> write(Map.Entry<String, MinuteLimits> limit) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", limit.getKey());
    json.put("requests_per_minute", limit.getValue().requests());
    json.put("tokens_per_minute", limit.getValue().tokens());
    return json;
  }

  /**
   * Reads limits; models that are not named keep theirs.
   *
   * @param models those that there are
   */
  static Map<String, MinuteLimits> read(byte[] json, Set<String> models) throws BadLimits {
    JsonNode list = parse(json).path("limits");
    if (!list.isArray()) {
      throw new BadLimits("limits", "must be a list");
    }
    Map<String, MinuteLimits> limits = new LinkedHashMap<>();
    for (int i = 0; i < list.size(); i++) {
      JsonNode item = list.get(i);
      String path = "limits[" + i + "].";
      limits.put(
          model(item, path, models),
          new MinuteLimits(
              number(item, path, "requests_per_minute"), number(item, path, "tokens_per_minute")));
    }
    return limits;
  }

  private static JsonNode parse(byte[] json) throws BadLimits {
    try {
      return Json.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new BadLimits("limits", "must be a list in a JSON object");
    } catch (IOException e) {
      throw new IllegalStateException("reading bytes in memory failed", e);
    }
  }

  private static String model(JsonNode item, String path, Set<String> models) throws BadLimits {
    String model = item.path("model").asText();
    if (!models.contains(model)) {
      throw new BadLimits(path + "model", "must be one of " + String.join(", ", models));
    }
    return model;
  }

  private static int number(JsonNode item, String path, String field) throws BadLimits {
    JsonNode node = item.path(field);
    if (!node.isInt() || node.intValue() < 1) {
      throw new BadLimits(path + field, "must be a whole number from 1 on");
    }
    return node.intValue();
  }
}
