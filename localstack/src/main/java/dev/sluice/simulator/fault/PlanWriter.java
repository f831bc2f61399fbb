package dev.sluice.simulator.fault;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a plan as {@link PlanReader} reads it, without what is said by default. */
public final class PlanWriter {
  private PlanWriter() {}

  public static Map<String, Object> write(FaultPlan plan) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seed", plan.seed());
    json.put("rules", plan.rules().stream().map(PlanWriter::rule).toList());
    return json;
  }

  private static Map<String, Object> rule(FaultRule rule) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("provider", rule.operation().provider());
    json.put("operation", rule.operation().wireName());
    json.put("fault", rule.fault().wireName());
    selection(json, rule.when());
    parameters(json, rule.how());
    return json;
  }

  private static void selection(Map<String, Object> json, Selection when) {
    if (when.rate() != 1) {
      json.put("rate", when.rate());
    }
    put(json, "every", when.every(), 1);
    put(json, "after", when.after(), 0);
    put(json, "first", when.first(), 0);
    put(json, "count", when.count(), 0);
  }

  private static void parameters(Map<String, Object> json, Parameters how) {
    put(json, "latency_ms", how.latency().toMillis(), 0L);
    put(json, "status", how.status(), null);
    put(json, "code", how.code(), null);
    put(
        json,
        "retry_after_ms",
        how.retryAfter() == null ? null : how.retryAfter().toMillis(),
        null);
    put(json, "job_status", how.jobStatus(), null);
  }

  private static void put(
      Map<String, Object> json, String field, @Nullable Object value, @Nullable Object ifUnsaid) {
    if (value != null && !value.equals(ifUnsaid)) {
      json.put(field, value);
    }
  }
}
