package dev.sluice.localstack.lambda;

import dev.sluice.localstack.lambda.InvocationResult.Failed;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One process of a function and its runtime API; it handles one event at a time. */
final class ExecutionEnvironment {
  private final FunctionRuntime runtime;
  private final RuntimeApi api;
  private final Process process;
  private Optional<Duration> unreportedInit;
  private volatile boolean killed;
  private volatile long idleSince = System.nanoTime();

  private ExecutionEnvironment(FunctionRuntime runtime, RuntimeApi api, Process process) {
    this.runtime = runtime;
    this.api = api;
    this.process = process;
    this.unreportedInit = Optional.empty();
  }

  /** Thrown when a process does not become ready; carries what its callers are told. */
  static final class InitFailedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Failed failure;

    InitFailedException(Failed failure) {
      super(failure.type() + ": " + failure.message());
      this.failure = failure;
    }

    Failed failure() {
      return failure;
    }
  }

  /** Starts a process and waits until it asks for its first event. */
  static ExecutionEnvironment start(FunctionRuntime runtime, ProcessLauncher launcher)
      throws IOException, InterruptedException, InitFailedException {
    long begin = System.nanoTime();
    RuntimeApi api = new RuntimeApi(runtime.name());
    Process process;
    try {
      process = launcher.launch(runtime.process(runtime.route(api.address())));
    } catch (IOException | InterruptedException | RuntimeException e) {
      api.close();
      throw e;
    }
    ExecutionEnvironment environment = new ExecutionEnvironment(runtime, api, process);
    environment.watch();
    environment.awaitInit();
    environment.unreportedInit = Optional.of(Duration.ofNanos(System.nanoTime() - begin));
    return environment;
  }

  private void watch() {
    Thread.ofPlatform()
        .daemon()
        .name("log-" + runtime.name() + "-" + process.pid())
        .start(() -> runtime.log().copy(process.getInputStream()));
    var unused =
        process
            .onExit()
            .thenAccept(
                ended -> {
                  api.fail(Failed.of("Runtime.ExitError", exitMessage(ended.exitValue())));
                  api.close();
                });
  }

  private static String exitMessage(int status) {
    return status == 128 + 9
        ? "Runtime exited with error: signal: killed"
        : "Runtime exited with error: exit status " + status;
  }

  private void awaitInit() throws InterruptedException, InitFailedException {
    Duration limit = runtime.settings().initTimeout();
    try {
      Optional<Failed> failure = api.initialized().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (failure.isPresent()) {
        throw initFailed(failure.get());
      }
    } catch (TimeoutException e) {
      throw initFailed(
          Failed.of(
              "Sandbox.Timedout", "Init timed out after %s seconds".formatted(limit.toSeconds())));
    } catch (ExecutionException e) {
      throw new IllegalStateException("init never completes with an exception", e);
    } catch (InterruptedException e) {
      kill();
      throw e;
    }
  }

  private InitFailedException initFailed(Failed failure) {
    runtime
        .log()
        .line(
            "INIT_REPORT Status: error Error Type: %s %s"
                .formatted(failure.type(), failure.message()));
    kill();
    return new InitFailedException(failure);
  }

  /** Runs one event to its end: the handler's, or the process's when the timeout is over. */
  InvocationResult invoke(byte[] event) throws InterruptedException {
    String requestId = UUID.randomUUID().toString();
    runtime.log().line("START RequestId: %s Version: $LATEST".formatted(requestId));
    long begin = System.nanoTime();
    InvocationResult result = deliver(requestId, event);
    report(requestId, Duration.ofNanos(System.nanoTime() - begin), result);
    idleSince = System.nanoTime();
    return result;
  }

  private InvocationResult deliver(String requestId, byte[] event) throws InterruptedException {
    Duration timeout = runtime.timeout();
    CompletableFuture<InvocationResult> result =
        api.deliver(
            new Invocation(
                requestId,
                event,
                runtime.settings().clock().instant().plus(timeout),
                runtime.arn(),
                traceId()));
    if (!process.isAlive()) {
      api.fail(
          Failed.of(
              "Runtime.ExitError", "RequestId: %s Error: Runtime exited".formatted(requestId)));
    }
    try {
      return result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      String message =
          String.format(
              Locale.ROOT,
              "RequestId: %s Error: Task timed out after %d.00 seconds",
              requestId,
              timeout.toSeconds());
      Failed failure = Failed.of("Sandbox.Timedout", message);
      api.fail(failure);
      kill();
      return failure;
    } catch (ExecutionException e) {
      throw new IllegalStateException("an invocation never completes with an exception", e);
    } catch (InterruptedException e) {
      kill();
      throw e;
    }
  }

  private String traceId() {
    String random = UUID.randomUUID().toString().replace("-", "");
    long seconds = runtime.settings().clock().instant().getEpochSecond();
    return "Root=1-%08x-%s;Parent=%s;Sampled=0"
        .formatted(seconds, random.substring(0, 24), random.substring(16));
  }

  private void report(String requestId, Duration duration, InvocationResult result) {
    long megabytes = FunctionRuntime.peakMegabytes(process.pid());
    String init =
        unreportedInit.map(d -> " Init Duration: %s ms".formatted(milliseconds(d))).orElse("");
    unreportedInit = Optional.empty();
    if (result instanceof Failed failure) {
      runtime
          .log()
          .line(
              "ERROR RequestId: %s %s: %s".formatted(requestId, failure.type(), failure.message()));
    }
    runtime.log().line("END RequestId: " + requestId);
    runtime
        .log()
        .line(
            "REPORT RequestId: %s Duration: %s ms Memory Size: %d MB Max Memory Used: %d MB%s%s"
                .formatted(
                    requestId,
                    milliseconds(duration),
                    runtime.memoryMegabytes(),
                    megabytes,
                    init,
                    megabytes > runtime.memoryMegabytes()
                        ? " (more than MemorySize: AWS would have ended this process)"
                        : ""));
  }

  private static String milliseconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f", duration.toNanos() / 1e6);
  }

  /**
   * Completes with true when the process waits for its next event, with false when it has gone. One
   * that does neither for as long as its timeout is killed, also if it had answered.
   */
  CompletableFuture<Boolean> waiting() {
    CompletableFuture<Boolean> waiting = api.waiting();
    var unused =
        waiting
            .copy()
            .orTimeout(runtime.timeout().toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((ready, timedOut) -> endUnless(timedOut == null));
    return waiting;
  }

  private void endUnless(boolean known) {
    if (!known) {
      runtime.log().line("The process asked for no further event within its timeout.");
      kill();
    }
  }

  boolean isAlive() {
    return !killed && process.isAlive();
  }

  Duration idle() {
    return Duration.ofNanos(System.nanoTime() - idleSince);
  }

  /** Asks the process to end. Its shutdown hooks run: AWS would freeze and drop it instead. */
  void terminate() {
    process.destroy();
  }

  /** Waits for the end and enforces it after the grace. */
  void awaitEnd(Duration grace) {
    try {
      if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
    api.close();
  }

  void kill() {
    killed = true;
    process.destroyForcibly();
  }
}
