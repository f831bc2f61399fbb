package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.cli.faults.RuleText;
import dev.sluice.cli.terminal.Count;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/** Plans, decisions and limits in lines for people. */
final class FaultsReport {
  private final PrintWriter out;

  FaultsReport(PrintWriter out) {
    this.out = out;
  }

  void plan(JsonNode plan) {
    if (plan.path("rules").isEmpty()) {
      out.println("Nothing goes wrong: no plan is set.");
      return;
    }
    out.println("Seed " + plan.path("seed").asText());
    plan.path("rules").forEach(rule -> out.println("  " + RuleText.write(rule)));
  }

  /** Those that struck, and how many did not. */
  void decisions(JsonNode decisions) {
    List<JsonNode> struck =
        StreamSupport.stream(decisions.spliterator(), false)
            .filter(decision -> decision.has("fault"))
            .toList();
    struck.forEach(this::decision);
    out.println(struck.size() + " of " + Count.of(decisions.size(), "request") + " went wrong.");
  }

  private void decision(JsonNode decision) {
    out.printf(
        Locale.ROOT,
        "  %-10s %-10s %6d  %s%n",
        decision.path("provider").asText(),
        decision.path("operation").asText(),
        decision.path("n").asLong(),
        decision.path("fault").asText());
  }

  void limits(JsonNode limits) {
    limits.forEach(this::limit);
  }

  private void limit(JsonNode limit) {
    out.printf(
        Locale.ROOT,
        "  %-24s %,12d requests a minute %,14d tokens a minute%n",
        limit.path("model").asText(),
        limit.path("requests_per_minute").asInt(),
        limit.path("tokens_per_minute").asInt());
  }
}
