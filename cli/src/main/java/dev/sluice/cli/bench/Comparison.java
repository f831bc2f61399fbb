package dev.sluice.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The ratios of two runs side by side. Only ratios: times depend on the machine.
 *
 * @param ratios of both, by name
 */
public record Comparison(List<Ratio> ratios) {
  /** As a share of what it was. */
  private static final double MUCH = 0.2;

  /**
   * One ratio.
   *
   * @param before empty if only the later run has it
   * @param after empty if only the earlier run has it
   */
  record Ratio(String name, OptionalDouble before, OptionalDouble after) {
    /** What is no longer measured counts as moved: nobody would miss it. */
    boolean hasMoved() {
      return before.isPresent() && (after.isEmpty() || Math.abs(change()) > MUCH);
    }

    private double change() {
      double was = before.orElseThrow();
      double is = after.orElseThrow();
      return was == is ? 0 : is / was - 1;
    }

    private String line() {
      String change =
          before.isPresent() && after.isPresent() ? format("%+.0f %%", 100 * change()) : "";
      return format(
          "%-40s %10s %10s %8s  %s",
          name, number(before), number(after), change, hasMoved() ? "moved" : "");
    }

    private static String number(OptionalDouble ratio) {
      return ratio.isPresent() ? format("%.2f", ratio.getAsDouble()) : "–";
    }
  }

  /**
   * @param before figures of a benchmark, as in benchmarks/results
   * @param after the same of a later run
   */
  public static Comparison of(JsonNode before, JsonNode after) {
    Set<String> names = new TreeSet<>();
    before.path("ratios").fieldNames().forEachRemaining(names::add);
    after.path("ratios").fieldNames().forEachRemaining(names::add);
    List<Ratio> ratios = new ArrayList<>();
    names.forEach(name -> ratios.add(new Ratio(name, ratio(before, name), ratio(after, name))));
    return new Comparison(ratios);
  }

  private static OptionalDouble ratio(JsonNode figures, String name) {
    JsonNode ratio = figures.path("ratios").path(name);
    return ratio.isNumber() ? OptionalDouble.of(ratio.asDouble()) : OptionalDouble.empty();
  }

  /** Whether no ratio is more than a fifth away from what it was. */
  public boolean isGood() {
    return ratios.stream().noneMatch(Ratio::hasMoved);
  }

  /** A line for each ratio, for a terminal. */
  public String text() {
    return ratios.stream()
        .map(Ratio::line)
        .map(line -> line.stripTrailing() + "\n")
        .collect(
            Collectors.joining(
                "",
                format("%-40s %10s %10s %8s%n", "ratio", "before", "after", "change"),
                isGood()
                    ? "No ratio moved by more than 20 %.\n"
                    : "A ratio moved by more than 20 %, or is gone.\n"));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
