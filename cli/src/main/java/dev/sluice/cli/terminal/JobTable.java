package dev.sluice.cli.terminal;

import dev.sluice.cli.api.Job;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/** Jobs in a list, or one in full. */
public final class JobTable {
  private static final int LONGEST_NAME = 34;

  private final Screen screen;

  public JobTable(Screen screen) {
    this.screen = screen;
  }

  public void list(List<Job> jobs) {
    if (jobs.isEmpty()) {
      screen.out().println("No documents yet. Send one with: sluice ingest FILE");
    }
    for (Job job : jobs) {
      String status = Columns.padRight(job.status(), 22);
      screen
          .out()
          .println(
              job.documentId()
                  + "  "
                  + (job.status().startsWith("failed") ? screen.red(status) : status)
                  + Columns.padRight(name(job), LONGEST_NAME)
                  + "  "
                  + counts(job));
    }
  }

  public void one(Job job) {
    field("file", name(job));
    field("document", job.documentId());
    field("job", job.jobId() + " (generation " + job.generation() + ")");
    field("status", job.status());
    field("progress", counts(job));
    if (job.receipt() != null) {
      receipt(job.receipt());
    }
    if (!missing(job).isEmpty()) {
      field("unread pages", missing(job));
    }
    if (job.waitReason() != null) {
      field(
          "waits for",
          job.waitReason() + (job.waitUntil() == null ? "" : ", until " + job.waitUntil()));
    }
    if (job.error() != null) {
      field("error", job.error().message() + " (" + job.error().code() + ")");
    }
    field("correlation", String.valueOf(job.correlationId()));
    field("created", String.valueOf(job.createdAt()));
    field("updated", String.valueOf(job.updatedAt()));
  }

  private void field(String label, String value) {
    screen.out().println(screen.dim(Columns.padRight(label, 13)) + value);
  }

  private void receipt(Job.Receipt receipt) {
    if (receipt.tokens() != null && receipt.costMicrousd() != null) {
      field("cost", cost(receipt.tokens(), receipt.costMicrousd()));
    }
    if (receipt.chunksReused() != null
        && receipt.chunksReused() > 0
        && receipt.tokensSaved() != null
        && receipt.savedMicrousd() != null) {
      field(
          "saved",
          Count.of(receipt.chunksReused(), "vector")
              + " bought before: "
              + cost(receipt.tokensSaved(), receipt.savedMicrousd()));
    }
  }

  private static String cost(long tokens, BigDecimal microUsd) {
    return Count.of(tokens, "token") + ", " + Count.dollars(microUsd);
  }

  private static String counts(Job job) {
    Progress counted = Progress.of(job);
    return counted.total() == 0
        ? ""
        : counted.vectors() + " of " + Count.of(counted.total(), "vector");
  }

  private static String missing(Job job) {
    return job.progress() == null || job.progress().pagesMissing() == null
        ? ""
        : job.progress().pagesMissing().stream()
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
  }

  private static String name(Job job) {
    return job.filename() == null ? "–" : job.filename();
  }
}
