package dev.sluice.localstack.real;

import java.math.BigDecimal;

/**
 * What calls cost, or may cost.
 *
 * @param parses documents handed to LlamaParse
 * @param tokens sent to OpenAI
 * @param nanoUsd both in billionths of a dollar
 */
public record Spending(long parses, long tokens, long nanoUsd) {
  static final Spending NOTHING = new Spending(0, 0, 0);
  static final Spending ONE_PARSE = new Spending(1, 0, 0);

  static Spending ofNanoUsd(long nanoUsd) {
    return new Spending(0, 0, nanoUsd);
  }

  Spending plus(Spending other) {
    return new Spending(
        Math.addExact(parses, other.parses),
        Math.addExact(tokens, other.tokens),
        Math.addExact(nanoUsd, other.nanoUsd));
  }

  Spending minus(Spending other) {
    return new Spending(parses - other.parses, tokens - other.tokens, nanoUsd - other.nanoUsd);
  }

  /** As {@link Cap#parse} reads it. */
  String text() {
    String usd = BigDecimal.valueOf(nanoUsd, 9).stripTrailingZeros().toPlainString();
    return "parses=%d,tokens=%d,usd=%s".formatted(parses, tokens, usd);
  }
}
