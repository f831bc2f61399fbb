package dev.sluice.cli.terminal;

import dev.sluice.cli.api.Job;
import dev.sluice.cli.ingest.DocumentOutcome;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A line for each document, drawn over itself ten times a second. */
final class LiveBoard implements ProgressBoard {
  private static final int FRAME_MILLIS = 100;
  // A terminal made narrower meanwhile would wrap lines, and the cursor would lose its place.
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";
  private static final String CLEAR_TO_END_OF_LINE = "\u001b[K";

  private final Screen screen;
  private final InstantSource clock;
  private final List<DocumentLine> lines = new ArrayList<>();
  private final int nameWidth;
  private final ScheduledExecutorService frames =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private boolean drawn;

  LiveBoard(Screen screen, List<String> files, InstantSource clock) {
    this.screen = screen;
    this.clock = clock;
    files.forEach(file -> lines.add(DocumentLine.waiting(name(file))));
    nameWidth = lines.stream().mapToInt(line -> Columns.width(line.name())).max().orElse(0);
    frames.scheduleAtFixedRate(this::draw, 0, FRAME_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void uploading(int file) {
    change(file, line -> line.begun(clock.instant()));
  }

  @Override
  public void progressed(int file, Job job) {
    change(file, line -> line.at(job));
  }

  @Override
  public void ended(int file, DocumentOutcome outcome) {
    change(file, line -> line.ended(outcome, clock.instant()));
  }

  @Override
  public void close() {
    frames.shutdownNow();
    draw();
  }

  private synchronized void change(int file, UnaryOperator<DocumentLine> change) {
    lines.set(file, change.apply(lines.get(file)));
  }

  private synchronized void draw() {
    Instant now = clock.instant();
    StringBuilder frame = new StringBuilder(NO_WRAP);
    if (drawn) {
      frame.append("\u001b[").append(lines.size()).append('A');
    }
    for (DocumentLine line : lines) {
      frame.append('\r').append(line.render(screen, now, nameWidth));
      frame.append(CLEAR_TO_END_OF_LINE).append('\n');
    }
    screen.out().print(frame.append(WRAP));
    screen.out().flush();
    drawn = true;
  }

  private static String name(String file) {
    Path name = Path.of(file).getFileName();
    return name == null ? file : name.toString();
  }
}
