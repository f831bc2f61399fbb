package dev.sluice.cli.terminal;

import dev.sluice.cli.api.Job;
import dev.sluice.cli.ingest.DocumentOutcome;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One document as a watcher sees it at one moment.
 *
 * @param since when its upload began, null while it waits for its turn
 * @param until when it ended
 */
record DocumentLine(
    String name,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable Job job,
    @Nullable DocumentOutcome outcome) {
  private static final int BAR = 24;
  private static final int STAGE = 12;
  private static final int CLOCK = 6;
  private static final int LONGEST_NAME = 36;

  static DocumentLine waiting(String name) {
    return new DocumentLine(name, null, null, null, null);
  }

  DocumentLine begun(Instant now) {
    return new DocumentLine(name, now, null, null, null);
  }

  DocumentLine at(Job latest) {
    return new DocumentLine(name, since, null, latest, null);
  }

  DocumentLine ended(DocumentOutcome how, Instant now) {
    return new DocumentLine(name, since, now, job, how);
  }

  String render(Screen screen, Instant now, int nameWidth) {
    String head = "  " + Columns.padRight(name, nameRoom(screen, nameWidth)) + "  ";
    String clock = since == null ? "" : clock(Duration.between(since, until == null ? now : until));
    int room = Math.max(1, screen.columns() - 1 - Columns.width(head) - CLOCK - 1);
    return head + state(screen, room) + " " + screen.dim(Columns.padLeft(clock, CLOCK));
  }

  // A third of the line, so that what happens keeps the most of it.
  private static int nameRoom(Screen screen, int nameWidth) {
    return Math.clamp(Math.min(nameWidth, screen.columns() / 3), 1, LONGEST_NAME);
  }

  private String state(Screen screen, int room) {
    if (outcome != null) {
      return outcome.isComplete()
          ? screen.green(Columns.padRight(summary(outcome), room))
          : screen.red(Columns.padRight(outcome.status() + ": " + outcome.error(), room));
    }
    String stage = Columns.padRight(stage(), STAGE);
    if (room < STAGE + BAR + 20) {
      return Columns.padRight(stage + " " + count(), room);
    }
    return stage + " " + bar() + " " + Columns.padRight(count(), room - STAGE - BAR - 2);
  }

  private static String summary(DocumentOutcome outcome) {
    String pages = outcome.pages() == null ? "" : Count.of(outcome.pages(), "page") + ", ";
    return "complete: " + pages + Count.of(outcome.vectors(), "vector");
  }

  private String stage() {
    if (since == null) {
      return "waiting";
    }
    return job == null ? "uploading" : Stages.of(job.status());
  }

  private String bar() {
    int full = (int) Math.round(fraction() * BAR);
    return "█".repeat(full) + "░".repeat(BAR - full);
  }

  // Half of the way is chunks, half vectors; what comes before has no measure.
  private double fraction() {
    Progress counted = Progress.of(job);
    if (counted.total() == 0) {
      return 0;
    }
    double chunked = Math.min(1, counted.chunks() / (double) counted.total());
    double embedded = Math.min(1, counted.vectors() / (double) counted.total());
    return (chunked + embedded) / 2;
  }

  private String count() {
    if (job != null && job.isHeldUp()) {
      return "waits: " + job.waitReason();
    }
    Progress counted = Progress.of(job);
    if (counted.total() == 0) {
      return counted.pages() == 0 ? "" : Count.of(counted.pages(), "page");
    }
    return counted.vectors() > 0
        ? counted.vectors() + "/" + counted.total() + " vectors"
        : counted.chunks() + "/" + counted.total() + " chunks";
  }

  private static String clock(Duration elapsed) {
    if (elapsed.toMinutes() < 1) {
      return "%.1f s".formatted(elapsed.toMillis() / 1000.0);
    }
    return "%d:%02d".formatted(elapsed.toMinutes(), elapsed.toSecondsPart());
  }
}
