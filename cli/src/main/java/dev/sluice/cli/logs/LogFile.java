package dev.sluice.cli.logs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Reads a log that may still be growing, line by line, in pieces. */
final class LogFile {
  private static final int PIECE = 1 << 16;

  private final Path path;
  private final String function;
  private final Deque<LogLine> read = new ArrayDeque<>();
  private byte[] unfinished = new byte[0];
  private long position;
  private Instant latest = Instant.EPOCH;

  LogFile(Path path) {
    this.path = path;
    this.function = path.getFileName().toString().replaceFirst("\\.log$", "");
  }

  Path path() {
    return path;
  }

  /** The next line, or null when the file holds no further whole line for now. */
  @Nullable LogLine peek() throws IOException {
    while (read.isEmpty() && readPiece()) {
      // A piece may end within its first line.
    }
    return read.peek();
  }

  void advance() {
    LogLine line = read.poll();
    if (line != null && line.at() != null) {
      latest = line.at();
    }
  }

  /** When the next line was written; one without a time stays behind the line before it. */
  Instant time(LogLine line) {
    return line.at() == null ? latest : line.at();
  }

  private boolean readPiece() throws IOException {
    long size = Files.exists(path) ? Files.size(path) : 0;
    if (size < position) {
      // Truncated or replaced: it begins anew.
      position = 0;
      unfinished = new byte[0];
    }
    if (size == position) {
      return false;
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      file.seek(position);
      byte[] piece = new byte[(int) Math.min(PIECE, size - position)];
      file.readFully(piece);
      position += piece.length;
      split(piece);
    }
    return true;
  }

  private void split(byte[] piece) {
    byte[] bytes = new byte[unfinished.length + piece.length];
    System.arraycopy(unfinished, 0, bytes, 0, unfinished.length);
    System.arraycopy(piece, 0, bytes, unfinished.length, piece.length);
    int start = 0;
    for (int i = unfinished.length; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        String line = new String(bytes, start, i - start, StandardCharsets.UTF_8).stripTrailing();
        if (!line.isEmpty()) {
          read.add(LogLine.parse(function, line));
        }
        start = i + 1;
      }
    }
    unfinished = java.util.Arrays.copyOfRange(bytes, start, bytes.length);
  }
}
