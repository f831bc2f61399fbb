package dev.sluice.crash;

import dev.sluice.pipeline.Clouds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code docs/reliability.md}, one section for each kind of run. A run writes its own section anew
 * and leaves the others as they are.
 */
final class ReliabilityPage {
  private static final Path PAGE = Clouds.ROOT.resolve("docs/reliability.md");

  private static final String HEAD =
      """
      # What survives what

      Written by the tests, section by section; a run replaces its own. `./sluice test --crash` runs
      all of it again, `./sluice test` a part of the matrix that changes from day to day.

      Time is pipeline time: what SQS and the database take for the time is moved on while nothing
      is in flight, so that nobody waits for a visibility timeout. It passes as it would, the sweep
      each minute included.
      """;

  private ReliabilityPage() {}

  /** Replaces the section, or puts it at the end. */
  static synchronized void write(String title, String introduction, List<CellResult> results)
      throws IOException {
    var page = Files.exists(PAGE) ? Files.readString(PAGE) : HEAD;
    var begin = "\n<!-- begin: " + title + " -->\n";
    var end = "<!-- end: " + title + " -->\n";
    var section = begin + section(title, introduction, results) + end;
    int from = page.indexOf(begin);
    int to = page.indexOf(end);
    var whole =
        from < 0 || to < from
            ? page + section
            : page.substring(0, from) + section + page.substring(to + end.length());
    Files.writeString(PAGE, whole, StandardCharsets.UTF_8);
  }

  private static String section(String title, String introduction, List<CellResult> results) {
    var text = new StringBuilder();
    text.append("\n## ").append(title).append("\n\n").append(introduction.strip()).append("\n\n");
    text.append(summary(results)).append('\n');
    byGroup(results)
        .forEach(
            (group, cells) -> {
              text.append("\n### ").append(group).append("\n\n");
              text.append("| Where | What | Outcome | Recovered after | Paid twice |\n");
              text.append("|---|---|---|---:|---|\n");
              cells.forEach(cell -> text.append(row(cell)));
            });
    return text.append('\n').toString();
  }

  private static Map<String, List<CellResult>> byGroup(List<CellResult> results) {
    var groups = new LinkedHashMap<String, List<CellResult>>();
    results.forEach(
        result -> groups.computeIfAbsent(result.group(), name -> new ArrayList<>()).add(result));
    return groups;
  }

  private static String summary(List<CellResult> results) {
    long good = results.stream().filter(CellResult::isGood).count();
    long longest =
        results.stream().mapToLong(result -> result.recovery().toSeconds()).max().orElse(0);
    long paidTwice = results.stream().filter(CellResult::paidTwice).count();
    return ("%d of %d cells are as they should be; the longest recovery took %d s; %d times one"
            + " call was paid for twice, and counted.\n")
        .formatted(good, results.size(), longest, paidTwice);
  }

  private static String row(CellResult cell) {
    var outcome =
        cell.isGood() ? cell.outcome() : "**wrong**: " + String.join("; ", cell.violations());
    return "| %s | %s | %s | %d s | %s |\n"
        .formatted(
            cell.boundary().replace("|", "\\|"),
            cell.fault(),
            outcome.replace("|", "\\|"),
            cell.recovery().toSeconds(),
            cell.paidTwice() ? "yes" : "no");
  }
}
