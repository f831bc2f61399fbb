package dev.sluice.localstack.real;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * List prices in billionths of a dollar, by which a call is counted before its answer says more.
 * The functions' own are in their configuration, and a test compares the two.
 */
public final class Prices {
  /** Of a token, by model: $0.02 and $0.13 a million. */
  public static final Map<String, Long> OF_A_TOKEN =
      Map.of("text-embedding-3-small", 20L, "text-embedding-3-large", 130L);

  /** Of a credit: $1.25 a thousand. */
  public static final long OF_A_CREDIT = 1_250_000;

  /** Credits of a page, by tier; third-party figures. */
  public static final Map<String, Long> CREDITS_OF_A_PAGE =
      Map.of("fast", 1L, "cost_effective", 3L, "agentic", 10L, "agentic_plus", 45L);

  private Prices() {}

  /** A tier that is not known counts as the dearest. */
  static long ofPages(@Nullable String tier, long pages) {
    long dearest =
        CREDITS_OF_A_PAGE.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    long credits = tier == null ? dearest : CREDITS_OF_A_PAGE.getOrDefault(tier, dearest);
    return Math.multiplyExact(pages, credits * OF_A_CREDIT);
  }
}
