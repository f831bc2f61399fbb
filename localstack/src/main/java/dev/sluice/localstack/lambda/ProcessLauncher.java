package dev.sluice.localstack.lambda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Starts processes that end with this one, but not before it: in sessions of their own, a Ctrl-C in
 * the terminal reaches only this process, which then ends them in order. They end even if this
 * process is killed: where {@code setpriv} (util-linux) is installed, the kernel ends a child when
 * the thread that started it ends, so all are started by one thread that lives as long as the
 * launcher. Elsewhere the runtime interface client itself ends when its API has gone, at the latest
 * after the event at hand.
 */
final class ProcessLauncher implements AutoCloseable {
  private static final List<Path> FOLDERS =
      Stream.of("/usr/bin", "/bin", "/usr/local/bin").map(Path::of).toList();

  /** What is killed is gone within moments. */
  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  private final ProcessRecords records;
  private final Set<CompletableFuture<Void>> ends = ConcurrentHashMap.newKeySet();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("lambda-launcher").factory());

  ProcessLauncher(ProcessRecords records) {
    this.records = records;
  }

  Process launch(ProcessBuilder builder) throws IOException, InterruptedException {
    builder.command(guarded(builder.command()));
    try {
      Process process = thread.submit(builder::start).get();
      records.add(process.toHandle());
      var end = process.onExit().thenAccept(ended -> records.remove(ended.pid()));
      ends.add(end);
      var unused = end.whenComplete((nothing, failure) -> ends.remove(end));
      return process;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw new IOException(
            "a function's process could not be started: " + cause.getMessage(), cause);
      }
      throw new CompletionException(e.getCause());
    }
  }

  private static List<String> guarded(List<String> command) {
    List<String> result = new ArrayList<>();
    program("setsid").ifPresent(result::add);
    program("setpriv")
        .ifPresent(setpriv -> result.addAll(List.of(setpriv, "--pdeathsig", "KILL", "--")));
    result.addAll(command);
    return result;
  }

  private static Optional<String> program(String name) {
    return FOLDERS.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toString);
  }

  /**
   * Ends the starting thread, and with it any process that is still there; no record of one is left
   * when this returns.
   */
  @Override
  public void close() {
    thread.shutdown();
    var unused =
        CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
            .completeOnTimeout(null, LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)
            .join();
  }
}
