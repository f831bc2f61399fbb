package dev.sluice.cli.terminal;

import dev.sluice.cli.api.Job;
import dev.sluice.cli.ingest.DocumentOutcome;
import java.io.PrintWriter;
import java.util.List;

/** One line for each change of status: for logs, pipes and screen readers. */
final class PlainBoard implements ProgressBoard {
  private final PrintWriter to;
  private final List<String> files;
  private final String[] statuses;

  PlainBoard(PrintWriter to, List<String> files) {
    this.to = to;
    this.files = files;
    this.statuses = new String[files.size()];
  }

  @Override
  public void uploading(int file) {
    line(file, "uploading");
  }

  @Override
  public void progressed(int file, Job job) {
    synchronized (to) {
      if (!job.hasEnded() && !job.status().equals(statuses[file])) {
        statuses[file] = job.status();
        line(file, job.status() + counts(job));
      }
    }
  }

  @Override
  public void ended(int file, DocumentOutcome outcome) {
    line(file, outcome.isComplete() ? outcome.status() : outcome.status() + ": " + outcome.error());
  }

  @Override
  public void close() {
    to.flush();
  }

  private static String counts(Job job) {
    Progress counted = Progress.of(job);
    if (counted.total() == 0) {
      return "";
    }
    return " (" + counted.vectors() + " of " + Count.of(counted.total(), "vector") + ")";
  }

  private void line(int file, String text) {
    synchronized (to) {
      to.println(files.get(file) + ": " + text);
      to.flush();
    }
  }
}
