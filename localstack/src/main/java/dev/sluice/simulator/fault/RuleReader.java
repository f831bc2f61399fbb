package dev.sluice.simulator.fault;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one rule of a plan. */
final class RuleReader {
  static final List<String> FIELDS =
      List.of(
          "provider",
          "operation",
          "fault",
          "rate",
          "every",
          "after",
          "first",
          "count",
          "latency_ms",
          "status",
          "code",
          "retry_after_ms",
          "job_status");

  private static final int LOWEST_STATUS = 200;
  private static final int HIGHEST_STATUS = 599;
  private static final int LONGEST_DELAY_MS = (int) Duration.ofDays(7).toMillis();
  private static final String WORD = "[A-Za-z0-9_.-]{1,60}";

  private final String path;
  private final JsonNode rule;

  RuleReader(String path, JsonNode rule) {
    this.path = path;
    this.rule = rule;
  }

  FaultRule read() throws BadPlan {
    if (!rule.isObject()) {
      throw new BadPlan(path, "must be an object");
    }
    for (var field : rule.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        throw bad(field.getKey(), "is no field of a rule: " + String.join(", ", FIELDS));
      }
    }
    Operation operation = operation();
    FaultKind fault = fault(operation);
    return new FaultRule(operation, fault, selection(), parameters(fault));
  }

  private Operation operation() throws BadPlan {
    String provider = rule.path("provider").asText();
    List<String> operations =
        Arrays.stream(Operation.values())
            .filter(operation -> operation.provider().equals(provider))
            .map(Operation::wireName)
            .toList();
    if (operations.isEmpty()) {
      throw bad("provider", "must be openai or llamaparse");
    }
    return Operation.of(provider, rule.path("operation").asText())
        .orElseThrow(() -> bad("operation", "must be one of " + String.join(", ", operations)));
  }

  private FaultKind fault(Operation operation) throws BadPlan {
    FaultKind fault = FaultKind.named(faultName()).orElse(null);
    if (fault == null || !fault.operations().contains(operation)) {
      throw bad("fault", "must be one of " + possible(operation));
    }
    return fault;
  }

  /** Left out where the parameters say it. */
  private String faultName() {
    if (rule.has("fault")) {
      return rule.path("fault").asText();
    }
    return rule.has("status") || rule.has("code")
        ? "status"
        : rule.has("latency_ms") ? "latency" : "";
  }

  private static String possible(Operation operation) {
    return Arrays.stream(FaultKind.values())
        .filter(kind -> kind.operations().contains(operation))
        .map(FaultKind::wireName)
        .collect(Collectors.joining(", "));
  }

  private Selection selection() throws BadPlan {
    return new Selection(
        rate(),
        number("every", 1, Integer.MAX_VALUE, 1),
        number("after", 0, Integer.MAX_VALUE, 0),
        number("first", 1, Integer.MAX_VALUE, 0),
        number("count", 1, Integer.MAX_VALUE, 0));
  }

  private double rate() throws BadPlan {
    JsonNode node = rule.path("rate");
    if (node.isMissingNode()) {
      return 1;
    }
    if (!node.isNumber() || !(node.doubleValue() >= 0 && node.doubleValue() <= 1)) {
      throw bad("rate", "must be a number from 0 to 1");
    }
    return node.doubleValue();
  }

  private Parameters parameters(FaultKind fault) throws BadPlan {
    if (fault.needsLatency() && !rule.has("latency_ms")) {
      throw bad("latency_ms", "must be given for " + fault.wireName());
    }
    return new Parameters(
        Duration.ofMillis(number("latency_ms", 0, LONGEST_DELAY_MS, 0)),
        rule.has("status") ? number("status", LOWEST_STATUS, HIGHEST_STATUS, 0) : null,
        word("code"),
        rule.has("retry_after_ms")
            ? Duration.ofMillis(number("retry_after_ms", 0, LONGEST_DELAY_MS, 0))
            : null,
        word("job_status"));
  }

  private int number(String field, int lowest, int highest, int otherwise) throws BadPlan {
    JsonNode node = rule.path(field);
    if (node.isMissingNode()) {
      return otherwise;
    }
    if (!node.isInt() || node.intValue() < lowest || node.intValue() > highest) {
      throw bad(field, "must be a whole number from %d to %d".formatted(lowest, highest));
    }
    return node.intValue();
  }

  private @Nullable String word(String field) throws BadPlan {
    JsonNode node = rule.path(field);
    if (node.isMissingNode()) {
      return null;
    }
    if (!node.isTextual() || !node.textValue().matches(WORD)) {
      throw bad(field, "must be a word of at most 60 letters, digits, dots, _ and -");
    }
    return node.textValue();
  }

  private BadPlan bad(String field, String complaint) {
    return new BadPlan(path + "." + field, complaint);
  }
}
