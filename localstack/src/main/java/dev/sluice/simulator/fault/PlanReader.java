package dev.sluice.simulator.fault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.simulator.http.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a plan from JSON; what it does not know, it refuses. */
public final class PlanReader {
  private static final Set<String> FIELDS = Set.of("seed", "rules");
  private static final int MOST_RULES = 100;

  private PlanReader() {}

  /**
   * Reads {@code {"seed": 42, "rules": [{"provider": "openai", …}]}}.
   *
   * @throws BadPlan if it is no plan; the exception names the field
   */
  public static FaultPlan read(byte[] json) throws BadPlan {
    JsonNode root = parse(json);
    for (var field : root.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        throw new BadPlan(field.getKey(), "is no field of a plan: seed, rules");
      }
    }
    return new FaultPlan(seed(root.path("seed")), rules(root.path("rules")));
  }

  private static JsonNode parse(byte[] json) throws BadPlan {
    try {
      JsonNode root = Json.MAPPER.readTree(json);
      if (root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      // Falls through: said without the parser's words, which quote what was sent.
    } catch (IOException e) {
      throw new IllegalStateException("reading bytes in memory failed", e);
    }
    throw new BadPlan("plan", "must be a JSON object with seed and rules");
  }

  private static long seed(JsonNode node) throws BadPlan {
    if (node.isMissingNode()) {
      return 0;
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw new BadPlan("seed", "must be a whole number of at most 64 bits");
    }
    return node.longValue();
  }

  private static List<FaultRule> rules(JsonNode node) throws BadPlan {
    if (!node.isArray() || node.size() > MOST_RULES) {
      throw new BadPlan("rules", "must be a list of at most " + MOST_RULES + " rules");
    }
    List<FaultRule> rules = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      rules.add(new RuleReader("rules[" + i + "]", node.get(i)).read());
    }
    return rules;
  }
}
