package dev.sluice.cli.terminal;

import dev.sluice.cli.ingest.Watcher;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;

/** Shows how documents get on; closing it leaves the last state standing. */
public interface ProgressBoard extends Watcher, AutoCloseable {
  @Override
  void close();

  /** A board drawn in place when a person watches, else a line for each change. */
  static ProgressBoard forWatching(Screen screen, List<String> files, InstantSource clock) {
    return screen.isWatched()
        ? new LiveBoard(screen, files, clock)
        : new PlainBoard(screen.out(), files);
  }

  static ProgressBoard plain(PrintWriter to, List<String> files) {
    return new PlainBoard(to, files);
  }
}
