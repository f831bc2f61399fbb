package dev.sluice.webhook;

import java.util.Map;

/** What {@code docs/security.md} says of the attacks. */
final class AttackTable {
  private AttackTable() {}

  /** A table for each kind of attack. */
  static String attacks(Map<Attack, Integer> answers) {
    var text = new StringBuilder();
    text.append(answers.size()).append(" attacks; none changed a row, a message or an object.\n");
    var kind = "";
    for (var attack : answers.keySet()) {
      if (!attack.kind().equals(kind)) {
        kind = attack.kind();
        text.append("\n| %s | Answer | Reason in the log |\n|---|---|---|\n".formatted(kind));
      }
      text.append(
          "| %s | %d | `%s` |\n".formatted(attack.name(), answers.get(attack), attack.reason()));
    }
    return text.toString();
  }

  /** What is tried with more than one call, and what came of it. */
  static String repetitions(Map<String, String> outcomes) {
    var text =
        new StringBuilder(
            "| With more than one call | Answer | What came of it |\n|---|---|---|\n");
    outcomes.forEach((tried, outcome) -> text.append("| %s | %s |\n".formatted(tried, outcome)));
    return text.toString();
  }
}
