package dev.sluice.simulator.openai;

/**
 * What an account may ask of one model within a minute.
 *
 * @param requests embeddings requests a minute, at least 1
 * @param tokens tokens a minute, at least 1
 */
public record MinuteLimits(int requests, int tokens) {
  /** The published limits of a tier 5 account: more than one machine asks for. */
  public static final MinuteLimits TIER_5 = new MinuteLimits(10_000, 10_000_000);

  public MinuteLimits {
    if (requests < 1 || tokens < 1) {
      throw new IllegalArgumentException(
          "a model must allow at least 1 request and 1 token a minute, not %d and %d"
              .formatted(requests, tokens));
    }
  }
}
