package dev.sluice.simulator.fault;

/**
 * Which of the matching requests a rule strikes; all conditions must hold. Requests are numbered
 * from 1.
 *
 * @param rate the share of the requests, 0 to 1, drawn for each by the plan's seed
 * @param every only each so-manieth, counted after {@code after}; 1 is each
 * @param after none of the first so many
 * @param first only the first so many; 0 for no end
 * @param count at most so many strikes in all; 0 for no end
 */
public record Selection(double rate, int every, int after, int first, int count) {
  /** Every request. */
  public static final Selection ALWAYS = new Selection(1, 1, 0, 0, 0);

  /**
   * Whether the n-th matching request is chosen.
   *
   * @param chance from 0 to below 1, the draw for this request
   * @param struck how many this rule has struck before it
   */
  boolean chooses(long n, double chance, long struck) {
    return n > after
        && (first == 0 || n <= first)
        && (n - after) % every == 0
        && (count == 0 || struck < count)
        && chance < rate;
  }
}
