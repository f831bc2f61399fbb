package dev.sluice.localstack.real;

import dev.sluice.localstack.LocalCloudException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The most that may be spent on the real providers until {@code ./sluice reset}.
 *
 * @param parses documents handed to LlamaParse
 * @param tokens sent to OpenAI
 * @param nanoUsd both in billionths of a dollar
 */
public record Cap(long parses, long tokens, long nanoUsd) {
  /** 5 parses, 10,000 tokens, $1. */
  public static final Cap DEFAULT = new Cap(5, 10_000, 1_000_000_000);

  private static final String SHAPE =
      "A cap is written parses=5,tokens=10000,usd=1, and what is left out keeps its default; not"
          + " '%s'.";

  /**
   * Reads {@code parses=5,tokens=10000,usd=1}; what is left out keeps its default, so that no cap
   * is ever without one of the three.
   *
   * @throws LocalCloudException if it is written otherwise
   */
  public static Cap parse(String text) {
    try {
      Map<String, BigDecimal> parts = parts(text);
      Cap cap =
          new Cap(
              whole(parts.remove("parses"), DEFAULT.parses),
              whole(parts.remove("tokens"), DEFAULT.tokens),
              nanoUsd(parts.remove("usd")));
      if (parts.isEmpty()) {
        return cap;
      }
    } catch (ArithmeticException | IllegalArgumentException malformed) {
      // Said below, with the right shape.
    }
    throw new LocalCloudException(SHAPE.formatted(text));
  }

  private static Map<String, BigDecimal> parts(String text) {
    Map<String, BigDecimal> parts = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      String[] pair = part.strip().split("=", 2);
      BigDecimal value = new BigDecimal(pair.length == 2 ? pair[1] : "");
      if (value.signum() < 0 || parts.put(pair[0], value) != null) {
        throw new IllegalArgumentException(part);
      }
    }
    return parts;
  }

  private static long whole(@Nullable BigDecimal given, long otherwise) {
    return given == null ? otherwise : given.longValueExact();
  }

  private static long nanoUsd(@Nullable BigDecimal usd) {
    return usd == null ? DEFAULT.nanoUsd : usd.movePointRight(9).longValueExact();
  }

  /** As {@link #parse} reads it. */
  public String text() {
    return new Spending(parses, tokens, nanoUsd).text();
  }

  /** Whether so much in all is within it. */
  boolean allows(Spending spent) {
    return spent.parses() <= parses && spent.tokens() <= tokens && spent.nanoUsd() <= nanoUsd;
  }
}
