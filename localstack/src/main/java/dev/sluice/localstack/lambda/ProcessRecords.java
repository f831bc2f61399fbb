package dev.sluice.localstack.lambda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file for each running process in {@code processes/}, named by its id. A start after a killed
 * run finds there what that run left behind.
 */
final class ProcessRecords {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessRecords.class);

  /** Part of each process's command line; without it a process is not ours. */
  static final String MARK = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

  private final Path folder;

  ProcessRecords(Path state) throws IOException {
    this.folder = Files.createDirectories(state.resolve("processes"));
  }

  void add(ProcessHandle process) throws IOException {
    Files.writeString(file(process.pid()), started(process), StandardCharsets.UTF_8);
  }

  void remove(long pid) {
    try {
      Files.deleteIfExists(file(pid));
    } catch (IOException e) {
      LOG.warn(
          "the record of ended process {} stays in {}; the next start removes it", pid, folder, e);
    }
  }

  /** Ends what an earlier run left running, and only that; returns how many processes it were. */
  int killLeftovers() throws IOException {
    int killed = 0;
    for (Path record : records()) {
      long pid = Long.parseLong(record.getFileName().toString());
      Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
      if (process.isPresent() && isOurs(process.get(), Files.readString(record))) {
        process.get().destroyForcibly();
        killed++;
      }
      Files.deleteIfExists(record);
    }
    return killed;
  }

  private List<Path> records() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().matches("\\d{1,18}")).toList();
    }
  }

  /** The id may have been given to another process since: the start time and the command decide. */
  private static boolean isOurs(ProcessHandle process, String started) {
    return started(process).equals(started) && commandLine(process).contains(MARK);
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Object::toString).orElse("unknown");
  }

  private static String commandLine(ProcessHandle process) {
    Path file = Path.of("/proc", String.valueOf(process.pid()), "cmdline");
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return process.info().commandLine().orElse("");
    }
  }

  private Path file(long pid) {
    return folder.resolve(String.valueOf(pid));
  }
}
