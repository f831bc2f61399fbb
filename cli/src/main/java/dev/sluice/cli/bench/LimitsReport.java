package dev.sluice.cli.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a run against a provider's limits came to, as Markdown that reads well in a terminal too.
 *
 * @param levels what was reached at each level
 * @param outage what became of an outage; none if it was left out
 */
record LimitsReport(
    LimitsSettings settings, List<Level> levels, Optional<Outage> outage, Machine machine) {

  /** The provider's capacity that must be used, and the refusals that are too many. */
  private static final double ENOUGH = 0.9;

  private static final double MANY = 0.01;

  /**
   * At one number of concurrent executions.
   *
   * @param tokens where tokens are the limit
   * @param requests where requests are
   */
  record Level(int executions, Reached tokens, Reached requests) {
    boolean isGood() {
      return tokens.isGood() && requests.isGood();
    }
  }

  /**
   * Against one limit.
   *
   * @param share of the limit that was used
   * @param calls all of them
   * @param refused those that the provider found too many
   */
  record Reached(double share, int calls, int refused) {
    boolean isGood() {
      return share >= ENOUGH && refused < MANY * calls;
    }
  }

  /**
   * A provider that was away.
   *
   * @param calls that found it away
   * @param documents that were chunked meanwhile
   * @param announced how many there were to chunk
   * @param searchMode how a question was answered meanwhile
   * @param firstAnswer seconds from its return to the first call that was answered
   * @param atTheLimit seconds from its return to 0.9 of the limit
   */
  record Outage(
      int executions,
      int calls,
      int documents,
      int announced,
      String searchMode,
      OptionalDouble firstAnswer,
      OptionalDouble atTheLimit) {}

  boolean isGood() {
    return levels.stream().allMatch(Level::isGood)
        && outage.stream().allMatch(seen -> seen.atTheLimit().isPresent());
  }

  /** The section, its heading first. */
  String text() {
    return introduction() + table() + outage.map(this::outage).orElse("");
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private String introduction() {
    return format(
        """
        ## Limits

        `./sluice bench limits` on %d cores: the simulated embedding provider refuses whatever is over %,d tokens a minute,
        then whatever is over %,d requests a minute, and says both in its headers. Documents enough for %d s at the limit
        wait for it. *Of the limit* is what the provider answered, from ten seconds after the first call to the last;
        at least %.1f is wanted, and under %.0f %% refused.

        """,
        machine.cores(),
        settings.tokensAMinute(),
        settings.requestsAMinute(),
        settings.length().toSeconds(),
        ENOUGH,
        MANY * 100);
  }

  private String table() {
    return row("Concurrent executions of each function", level -> "" + level.executions())
        + "|---|"
        + "---:|".repeat(levels.size())
        + "\n"
        + row("Tokens: of the limit", level -> share(level.tokens()))
        + row("Tokens: calls, refused", level -> calls(level.tokens()))
        + row("Requests: of the limit", level -> share(level.requests()))
        + row("Requests: calls, refused", level -> calls(level.requests()));
  }

  private String row(String title, Function<Level, String> cell) {
    return levels.stream()
        .map(cell)
        .collect(Collectors.joining(" | ", "| " + title + " | ", " |\n"));
  }

  private static String share(Reached reached) {
    return format("%.2f", reached.share());
  }

  private static String calls(Reached reached) {
    return reached.calls() + ", " + reached.refused();
  }

  private String outage(Outage seen) {
    return format(
        """

        Then the provider answers nothing but 503 for %d s, at %d concurrent executions and the limit of tokens:

        | | |
        |---|---:|
        | Calls that found it away | %d |
        | Documents chunked meanwhile, of those uploaded meanwhile | %d of %d |
        | A search meanwhile | %s |
        | From its return to the first answer | %s |
        | From its return to %.1f of the limit | %s |
        """,
        settings.outage().toSeconds(),
        seen.executions(),
        seen.calls(),
        seen.documents(),
        seen.announced(),
        seen.searchMode(),
        seconds(seen.firstAnswer()),
        ENOUGH,
        seconds(seen.atTheLimit()));
  }

  private static String seconds(OptionalDouble time) {
    return time.isPresent() ? format("%.0f s", time.getAsDouble()) : "not within the run";
  }
}
