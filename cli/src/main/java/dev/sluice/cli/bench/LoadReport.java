package dev.sluice.cli.bench;

import dev.sluice.cli.bench.SoakReport.Calm;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A soak's figures as Markdown that reads well in a terminal too. */
final class LoadReport {
  private static final long MEGABYTE = 1_000_000;

  private final SoakReport report;

  private LoadReport(SoakReport report) {
    this.report = report;
  }

  /** The section, its heading first. */
  static String of(SoakReport report) {
    LoadReport text = new LoadReport(report);
    return Stream.of(text.introduction(), text.levels(), text.calm(), text.claims(), text.wrong())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  /** In a few words, as progress shows them. */
  static String faults(Map<FaultKind, Integer> struck) {
    int all = struck.values().stream().mapToInt(Integer::intValue).sum();
    String kinds =
        struck.entrySet().stream()
            .map(kind -> kind.getKey().words() + " " + kind.getValue())
            .collect(Collectors.joining(", "));
    return all + (all == 1 ? " fault" : " faults") + (kinds.isEmpty() ? "" : " (" + kinds + ")");
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private String introduction() {
    return format(
        """
        ## Load

        `./sluice bench soak --documents %d --seed %d` on %d cores with %.0f GB: documents of 2 KB to 1.5 MB, Markdown
        and HTML, uploaded by a client that repeats what fails. While they are on their way, function processes get
        SIGKILL, all connections of a function are reset, SQS, S3, LlamaParse or OpenAI refuse connections for 2–8 s,
        and the functions' database sessions are terminated, one of these every %d–%d s. *Recovery* is how long a job
        or batch stood still after its turn had come, its own work included: somebody behind it was through, or
        nobody was left before it. A wait in the queue is no recovery.
        """,
        report.settings().documents(),
        report.settings().seed(),
        report.machine().cores(),
        report.machine().memoryBytes() / 1e9,
        report.settings().shortestLull().toSeconds(),
        report.settings().shortestLull().multipliedBy(3).toSeconds());
  }

  private String levels() {
    if (report.levels().isEmpty()) {
      return "";
    }
    StringBuilder table = new StringBuilder();
    row(table, "Concurrent executions of each function", RunResult::name);
    table.append("|---|").append("---:|".repeat(report.levels().size())).append('\n');
    outcomeRows(table);
    costRows(table);
    return table.toString();
  }

  private void outcomeRows(StringBuilder table) {
    row(table, "Complete", run -> run.complete() + " of " + run.documents());
    row(table, "Not complete, by code", run -> counts(run.ends()));
    row(table, "Documents per minute", run -> format("%.1f", run.documentsPerMinute()));
    row(table, "Chunks per second", run -> format("%.1f", run.chunksPerSecond()));
    row(table, "Seconds from upload to complete: p50, p95, longest", LoadReport::seconds);
    for (FaultKind kind : FaultKind.values()) {
      row(table, "Faults: " + kind.words(), run -> "" + run.faults().getOrDefault(kind, 0));
    }
    row(table, "Longest recovery", run -> format("%.0f s", run.beyondTurn()));
    row(
        table,
        "Longest in one place, its wait in the queue included",
        run -> format("%.0f s", run.longestStay()));
  }

  private void costRows(StringBuilder table) {
    row(
        table,
        "Rows doubled, rows missing",
        run -> run.rows().doubled() + ", " + run.rows().missing());
    row(
        table,
        "Calls paid twice, calls that may have been paid",
        run -> run.paidTwice() + ", " + run.unknownCalls());
    row(table, "Deadlocks", run -> "" + run.deadlocks());
    row(table, "Looks at which a session waited for a lock, longest wait", LoadReport::locks);
    row(table, "Most function processes at once", run -> "" + run.memory().processes());
    row(
        table,
        "Memory: largest process; most growth of one that lived half the run",
        LoadReport::memory);
    row(table, "Messages left at the end", run -> counts(run.messages()));
  }

  private void row(StringBuilder table, String title, Function<RunResult, String> cell) {
    table.append(
        report.levels().stream()
            .map(cell)
            .collect(Collectors.joining(" | ", "| " + title + " | ", " |\n")));
  }

  private static String counts(Map<String, Integer> counts) {
    return counts.isEmpty()
        ? "none"
        : counts.entrySet().stream()
            .map(count -> count.getValue() + " " + count.getKey())
            .collect(Collectors.joining(", "));
  }

  private static String seconds(RunResult run) {
    return format(
        "%.0f, %.0f, %.0f",
        Statistics.percentile(run.seconds(), 0.5),
        Statistics.percentile(run.seconds(), 0.95),
        Statistics.largest(run.seconds()));
  }

  private static String locks(RunResult run) {
    return format("%.1f %%, %.2f s", run.locks().share() * 100, run.locks().longest());
  }

  private static String memory(RunResult run) {
    String largest =
        run.memory().largest() == 0
            ? "not known"
            : format("%s %d MB", run.memory().largestFunction(), run.memory().largest() / MEGABYTE);
    String growth =
        run.memory().steady() == 0
            ? "none lived so long"
            : format(
                "%s × %.2f (of %d)",
                run.memory().grownFunction(), run.memory().growth(), run.memory().steady());
    return largest + "; " + growth;
  }

  private String calm() {
    return report.calm().map(LoadReport::calm).orElse("");
  }

  private static String calm(Calm calm) {
    StringBuilder text = new StringBuilder();
    text.append(
        format(
            """
            Without faults, at %d concurrent executions, in a cloud that has warmed up, with the same sizes in each
            small run and three times over in the large one:

            | Run | Documents | Complete | Documents per minute | Seconds per document | p50, p95, longest | Memory |
            |---|---:|---:|---:|---:|---:|---|
            """,
            Calm.LEVEL));
    calm.all()
        .forEach(
            run ->
                text.append(
                    format(
                        "| %s | %d | %d | %.1f | %.2f | %s | %s |\n",
                        run.name(),
                        run.documents(),
                        run.complete(),
                        run.documentsPerMinute(),
                        run.secondsPerDocument(),
                        seconds(run),
                        memory(run))));
    return text.toString();
  }

  private String claims() {
    return """
    | | Earlier system's claim, tested against mocks | Here |
    |---|---|---|
    | Documents that succeed, under faults | 99.5 %% | %s |
    | Recovery | under 5 minutes | %s |
    | Spread of throughput over three runs | under 10 %% | %s |
    | A document at three times the load | at most 10 %% slower | %s |
    """
        .formatted(
            ifAny(format("%.1f %%", report.successRate() * 100)),
            ifAny(format("%.0f s at most", report.longestRecovery())),
            report.calm().map(calm -> format("%.1f %%", calm.spread() * 100)).orElse("not run"),
            report.calm().map(calm -> slower(calm.slowdown())).orElse("not run"));
  }

  private String ifAny(String figure) {
    return report.levels().isEmpty() ? "not run" : figure;
  }

  private static String slower(double slowdown) {
    return format("%.1f %% %s", Math.abs(slowdown) * 100, slowdown > 0 ? "slower" : "faster");
  }

  private String wrong() {
    List<String> lines =
        report
            .all()
            .filter(run -> !run.isGood())
            .map(
                run ->
                    format(
                        "- **wrong** at %s: %d of %d complete (%s), %d rows doubled, %d missing, %d"
                            + " calls paid twice\n",
                        run.name(),
                        run.complete(),
                        run.documents(),
                        counts(run.ends()),
                        run.rows().doubled(),
                        run.rows().missing(),
                        run.paidTwice()))
            .toList();
    return String.join("", lines);
  }
}
