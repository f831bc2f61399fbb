package dev.sluice.crash;

import dev.sluice.pipeline.Clouds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
      all of it again.

      Time is pipeline time: what SQS and the database take for the time is moved on while nothing
      is in flight, so that nobody waits for a visibility timeout. It passes as it would, the sweep
      each minute included.

      ## The crash matrix

      A boundary is the place before a request leaves a function, or after its answer has come and
      before the function sees it; of a transaction it is its COMMIT. The boundaries were read off
      an undisturbed run. The chunk, embed and finalize functions get a document of 280 chunks in
      two embedding batches, the others one of 40. *kill* is SIGKILL for the function's process,
      *break* a reset of the connection, so that the step throws: after a COMMIT nobody knows then
      whether it holds. Broken between Lambda and its runtime, the process hangs until its timeout.
      *(start)* is a process's start; *(cancel)*, *(retry)*, *(delete)* and *(rollback)* stand for
      what a user does to a document at that moment, *(drop)* for the sweep's removal of a
      generation that is no longer kept. Other documents go another way through a function:
      *(parts)* has a parser's result above 8 MiB, which is stored in parts, *(text)* needs no
      parser, *(empty)* has no bytes and fails, *(blank)* has no text and fails, *(wide)* has 11
      embedding batches. Of these and of *(drop)* the boundaries stand here that an ordinary run has
      not, and of what is delivered a dozen times until it is set aside, the first three.

      The last two sections of the matrix have a parser of one's own in LlamaParse's place, and a
      sweep that finds something to do: of its boundaries those at which it changes something, and
      those that an idle sweep has not. *(expire)* are bytes that never came; *(exhaust)* and
      *(exhaust batch)* a job and a batch whose last attempt died; *(resend)* a recorded callback
      whose message is lost, *(poll)* one that never came; *(cancel parse)* a parse that goes on for
      a cancelled job; *(close call)* a paid call of which nobody told how it ended; *(give up)* a
      cancelled job's text, rows and objects; *(purge)* buffers and nonces that were kept for long
      enough; *(repair)* a chunk that search has lost. What an ordinary sweep finds are a job and a
      batch whose functions died with the lease in their hands.

      After each fault the document's rows, objects, messages, events and paid calls were compared
      with those of the undisturbed run, and the paid calls with what the simulated providers
      themselves had charged: no charge may be missing in the ledger, and at most one call may be in
      it that its provider has never seen.
      """;

  private ReliabilityPage() {}

  /** Replaces the function's part of the matrix. */
  static void writeMatrix(String function, List<CellResult> results) throws IOException {
    write("### ", function, "", results);
  }

  /** Replaces the section on a kind of outage. */
  static void writeOutages(String title, String introduction, List<CellResult> results)
      throws IOException {
    write("## ", title, introduction.strip() + "\n\n", results);
  }

  private static synchronized void write(
      String level, String title, String introduction, List<CellResult> results)
      throws IOException {
    var page = Files.exists(PAGE) ? Files.readString(PAGE) : HEAD;
    var begin = "\n<!-- begin: " + title + " -->\n";
    var end = "<!-- end: " + title + " -->\n";
    var section =
        begin
            + level
            + title
            + "\n\n"
            + introduction
            + summary(results)
            + "\n"
            + table(results)
            + end;
    int from = page.indexOf(begin);
    int to = page.indexOf(end);
    var whole =
        from < 0 || to < from
            ? page + section
            : page.substring(0, from) + section + page.substring(to + end.length());
    Files.writeString(PAGE, whole, StandardCharsets.UTF_8);
  }

  private static String table(List<CellResult> results) {
    var text = new StringBuilder();
    text.append("| Where | What | Outcome | Recovered after | Paid twice |\n");
    text.append("|---|---|---|---:|---|\n");
    results.forEach(cell -> text.append(row(cell)));
    return text.toString();
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
