package dev.sluice.simulator.llamaparse;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How much work the provider puts into a page, and so its price. */
public enum Tier {
  FAST,
  COST_EFFECTIVE,
  AGENTIC,
  AGENTIC_PLUS;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Tier> named(String wireName) {
    return Stream.of(values()).filter(tier -> tier.wireName().equals(wireName)).findFirst();
  }
}
