package dev.sluice.localstack.objects;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Notifications that are owed, a small file each: noted before the object is written and crossed
 * out after the listener took it, so that a process killed in between leaves a note and never a
 * silent object.
 */
final class EventJournal {
  private static final String SUFFIX = ".event";

  private final Path directory;

  EventJournal(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  PendingEvent note(String eventName, String bucket, String key) {
    Path file = directory.resolve(UUID.randomUUID() + SUFFIX);
    Path unfinished = directory.resolve(file.getFileName() + ".new");
    try {
      // Keys may hold any character but NUL.
      Files.writeString(unfinished, String.join("\0", eventName, bucket, key));
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      return new PendingEvent(file, eventName, bucket, key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void crossOut(PendingEvent event) {
    try {
      Files.deleteIfExists(event.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What an earlier process still owed. */
  List<PendingEvent> left() throws IOException {
    List<PendingEvent> left = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(name -> name.toString().endsWith(SUFFIX)).sorted().toList()) {
        String[] parts = Files.readString(file).split("\0", 3);
        left.add(new PendingEvent(file, parts[0], parts[1], parts[2]));
      }
    }
    return left;
  }
}
