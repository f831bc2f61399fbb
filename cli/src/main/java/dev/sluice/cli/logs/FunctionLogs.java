package dev.sluice.cli.logs;

import dev.sluice.cli.api.Pause;
import dev.sluice.cli.terminal.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All functions' logs in one stream, in the order in which things happened. */
public final class FunctionLogs {
  // What the build, the command and the cloud itself say is no function's log.
  private static final Set<String> NOT_FUNCTIONS = Set.of("build.log", "cli.log", "cloud.log");
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final Path folder;
  private final Screen screen;
  private final LogStyle style;
  private final Predicate<String> fileNames;
  private final Predicate<LogLine> lines;
  private final TreeMap<String, LogFile> files = new TreeMap<>();

  private FunctionLogs(
      Path folder, Screen screen, Predicate<String> fileNames, Predicate<LogLine> lines) {
    this.folder = folder;
    this.screen = screen;
    this.style = new LogStyle(screen, ZoneId.systemDefault());
    this.fileNames = fileNames;
    this.lines = lines;
  }

  /**
   * @param function null for all of them
   * @param id a job's, document's, message's or correlation id, or how it begins; null for all
   */
  public static FunctionLogs in(
      Path folder, Screen screen, @Nullable String function, @Nullable String id) {
    Predicate<String> fileNames =
        function == null
            ? name -> name.endsWith(".log") && !NOT_FUNCTIONS.contains(name)
            : name -> name.equals(function + ".log");
    return new FunctionLogs(folder, screen, fileNames, line -> id == null || line.mentions(id));
  }

  /** The functions that have written a log so far. */
  public List<String> names() throws IOException {
    findFiles();
    return files.keySet().stream().map(name -> name.replaceFirst("\\.log$", "")).toList();
  }

  /** Prints what is there. Memory does not grow with the logs. */
  public int print() throws IOException {
    findFiles();
    int printed = 0;
    for (LogFile next = earliest(); next != null; next = earliest()) {
      LogLine line = next.peek();
      next.advance();
      if (line != null && lines.test(line)) {
        screen.out().println(style.render(line));
        printed++;
      }
    }
    screen.out().flush();
    return printed;
  }

  /** Prints what comes, as long as it is wanted. */
  public void follow(BooleanSupplier wanted, Pause pause) throws IOException {
    while (wanted.getAsBoolean()) {
      print();
      pause.pause(BETWEEN_LOOKS);
    }
  }

  /** Goes past what is there already, so that following shows only what comes. */
  public FunctionLogs skipToEnd() throws IOException {
    findFiles();
    for (LogFile next = earliest(); next != null; next = earliest()) {
      next.advance();
    }
    return this;
  }

  private @Nullable LogFile earliest() throws IOException {
    LogFile earliest = null;
    Instant when = Instant.MAX;
    for (LogFile file : files.values()) {
      LogLine line = file.peek();
      if (line != null && file.time(line).isBefore(when)) {
        when = file.time(line);
        earliest = file;
      }
    }
    return earliest;
  }

  private void findFiles() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Set<String> names = new HashSet<>();
    try (Stream<Path> found = Files.list(folder)) {
      found.map(path -> path.getFileName().toString()).filter(fileNames).forEach(names::add);
    }
    names.forEach(name -> files.computeIfAbsent(name, n -> new LogFile(folder.resolve(n))));
  }
}
