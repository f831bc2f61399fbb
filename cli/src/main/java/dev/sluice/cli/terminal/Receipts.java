package dev.sluice.cli.terminal;

import dev.sluice.cli.ingest.DocumentOutcome;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The table at the end: what each document came to, and what the failed ones died of. */
public final class Receipts {
  private static final List<String> STAGES =
      List.of("parse", "validate", "chunk", "embed", "finalize");
  private static final int LONGEST_NAME = 34;

  private final Screen screen;

  public Receipts(Screen screen) {
    this.screen = screen;
  }

  public void print(List<DocumentOutcome> outcomes) {
    List<DocumentOutcome> complete = outcomes.stream().filter(DocumentOutcome::isComplete).toList();
    if (!complete.isEmpty()) {
      table(complete);
    }
    for (DocumentOutcome outcome : outcomes) {
      if (!outcome.isComplete()) {
        screen.out().println(screen.red("✗ " + outcome.file() + ": " + outcome.status()));
        Columns.wrap(String.valueOf(outcome.error()), screen.width() - 4, 6)
            .forEach(line -> screen.out().println("    " + line));
      }
    }
  }

  private void table(List<DocumentOutcome> complete) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("document", "pages", "chunks", "vectors", "tokens", "cost", "seconds"));
    complete.forEach(outcome -> rows.add(row(outcome)));
    if (complete.size() > 1) {
      rows.add(total(complete));
    }
    int[] widths = widths(rows);
    for (int i = 0; i < rows.size(); i++) {
      String line = line(rows.get(i), widths);
      screen.out().println(i == 0 ? screen.bold(line) : line);
    }
    for (DocumentOutcome outcome : complete) {
      screen.out().println(screen.dim(stages(outcome)));
    }
  }

  private static List<String> row(DocumentOutcome outcome) {
    return List.of(
        Columns.fit(name(outcome), LONGEST_NAME),
        outcome.pages() == null ? "–" : Count.number(outcome.pages()),
        Count.number(outcome.chunks()),
        Count.number(outcome.vectors()),
        Count.number(outcome.tokens()),
        Count.dollars(outcome.costMicrousd()),
        seconds(sum(outcome.seconds())));
  }

  private static List<String> total(List<DocumentOutcome> complete) {
    int pages = complete.stream().mapToInt(o -> o.pages() == null ? 0 : o.pages()).sum();
    BigDecimal cost =
        complete.stream()
            .map(DocumentOutcome::costMicrousd)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    // Documents run side by side, so their seconds do not add up to time that anyone waited.
    return List.of(
        "all",
        Count.number(pages),
        Count.number(complete.stream().mapToLong(DocumentOutcome::chunks).sum()),
        Count.number(complete.stream().mapToLong(DocumentOutcome::vectors).sum()),
        Count.number(complete.stream().mapToLong(DocumentOutcome::tokens).sum()),
        Count.dollars(cost),
        "");
  }

  private static int[] widths(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], Columns.width(row.get(i)));
      }
    }
    return widths;
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder("  ").append(Columns.padRight(row.get(0), widths[0]));
    for (int i = 1; i < widths.length; i++) {
      line.append("  ").append(Columns.padLeft(row.get(i), widths[i]));
    }
    return line.toString();
  }

  private static String stages(DocumentOutcome outcome) {
    return "  "
        + Columns.fit(name(outcome), LONGEST_NAME)
        + ": "
        + STAGES.stream()
            .filter(outcome.seconds()::containsKey)
            .map(stage -> stage + " " + seconds(in(outcome, stage)) + " s")
            .collect(Collectors.joining(", "));
  }

  private static BigDecimal in(DocumentOutcome outcome, String stage) {
    return outcome.seconds().getOrDefault(stage, BigDecimal.ZERO);
  }

  private static String name(DocumentOutcome outcome) {
    return outcome.file().substring(outcome.file().lastIndexOf('/') + 1);
  }

  private static BigDecimal sum(Map<String, BigDecimal> seconds) {
    return seconds.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static String seconds(BigDecimal seconds) {
    return String.format(Locale.ROOT, "%.2f", seconds);
  }
}
