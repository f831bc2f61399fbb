package dev.sluice.localstack.lambda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The JVM's archive of a function's loaded classes, beside its code: the first process writes it
 * when it ends, those that follow start from it in a third of the time. It is the JVM's own to
 * check: one of other code or of another Java is left aside and written anew.
 */
final class ClassArchive {
  private final Path file;

  /** Writing takes a second or two of a core: one process of a run does it for all. */
  private final AtomicBoolean writerChosen = new AtomicBoolean();

  ClassArchive(Path code) {
    this.file = code.resolveSibling(code.getFileName() + ".jsa");
  }

  /** For the command line of a process that is about to start. */
  List<String> jvmOptions() {
    String archive = "-XX:SharedArchiveFile=" + file;
    // What it has to say of an archive that does not fit belongs in no function's log.
    String quiet = "-Xlog:disable";
    if (writerChosen.compareAndSet(false, true)) {
      return List.of(archive, "-XX:+AutoCreateSharedArchive", quiet);
    }
    return Files.exists(file) ? List.of(archive, quiet) : List.of();
  }
}
