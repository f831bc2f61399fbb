package dev.sluice.cli.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.api.Json;
import java.math.BigDecimal;
import java.util.List;

/**
 * A rule in a line: provider, operation, the fault where its parameters do not say it, then {@code
 * name=value}. Whether it makes sense is for the simulators to say.
 */
public final class RuleText {
  private static final String NUMBER = "-?\\d{1,18}(\\.\\d{1,18})?";

  private RuleText() {}

  /**
   * Reads a line such as {@code openai embeddings status=429 rate=0.2}.
   *
   * @throws AdminRefused if it has not that form
   */
  public static ObjectNode read(String line) {
    List<String> words = List.of(line.strip().split("\\s+"));
    if (words.size() < 3 || words.get(0).contains("=") || words.get(1).contains("=")) {
      throw new AdminRefused(
          "a rule looks like 'openai embeddings status=503 rate=0.1', not '" + line + "'");
    }
    ObjectNode rule = Json.MAPPER.createObjectNode();
    rule.put("provider", words.get(0)).put("operation", words.get(1));
    words.subList(2, words.size()).forEach(word -> put(rule, word));
    return rule;
  }

  private static void put(ObjectNode rule, String word) {
    int equals = word.indexOf('=');
    if (equals < 0) {
      rule.put("fault", word);
      return;
    }
    String name = word.substring(0, equals);
    String value = word.substring(equals + 1);
    if (!value.matches(NUMBER)) {
      rule.put(name, value);
    } else if (value.contains(".")) {
      rule.put(name, new BigDecimal(value));
    } else {
      rule.put(name, Long.parseLong(value));
    }
  }

  /** Writes a rule as {@link #read} reads it. */
  public static String write(JsonNode rule) {
    StringBuilder line = new StringBuilder();
    for (var field : rule.properties()) {
      String value = field.getValue().asText();
      boolean bare = List.of("provider", "operation", "fault").contains(field.getKey());
      line.append(line.isEmpty() ? "" : " ").append(bare ? value : field.getKey() + "=" + value);
    }
    return line.toString();
  }
}
