package dev.sluice.localstack.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.sluice.localstack.http.LoopbackServer;
import dev.sluice.localstack.lambda.InvocationResult.Failed;
import dev.sluice.localstack.lambda.InvocationResult.Succeeded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The Lambda Runtime API (version 2018-06-01) for one process. {@code AWS_LAMBDA_RUNTIME_API} is a
 * host and port without a path, so each process has a server of its own.
 */
final class RuntimeApi implements AutoCloseable {
  /** What a synchronous invocation may return; AWS's documented 6 MB are 6,291,556 bytes. */
  static final int LARGEST_RESPONSE = 6_291_556;

  private static final String PREFIX = "/2018-06-01/runtime/";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LoopbackServer server;
  private final SynchronousQueue<Invocation> next = new SynchronousQueue<>();
  private final CompletableFuture<Optional<Failed>> initialized = new CompletableFuture<>();
  private final AtomicReference<@Nullable Pending> pending = new AtomicReference<>();
  private volatile CompletableFuture<Boolean> waiting = new CompletableFuture<>();

  private record Pending(String requestId, CompletableFuture<InvocationResult> result) {}

  RuntimeApi(String name) throws IOException {
    server = LoopbackServer.start(0, "runtime-" + name, this::handle);
  }

  /** The value of {@code AWS_LAMBDA_RUNTIME_API}. */
  String address() {
    return "127.0.0.1:" + server.port();
  }

  /** Completes at the first request for work: empty, or with the error that init reported. */
  CompletableFuture<Optional<Failed>> initialized() {
    return initialized;
  }

  /** Completes when the process asks for its next event (true) or is known to have gone (false). */
  CompletableFuture<Boolean> waiting() {
    return waiting;
  }

  /** Hands the event to the process, which must be waiting for one. */
  CompletableFuture<InvocationResult> deliver(Invocation invocation) {
    waiting = new CompletableFuture<>();
    CompletableFuture<InvocationResult> result = new CompletableFuture<>();
    pending.set(new Pending(invocation.requestId(), result));
    Thread.ofVirtual().start(() -> offer(invocation, result));
    return result;
  }

  /** Ends what is waited for: the process has gone. */
  void fail(Failed failure) {
    initialized.complete(Optional.of(failure));
    waiting.complete(false);
    Pending open = pending.getAndSet(null);
    if (open != null) {
      open.result.complete(failure);
    }
  }

  @Override
  public void close() {
    server.close();
  }

  private void offer(Invocation invocation, CompletableFuture<InvocationResult> result) {
    Thread thread = Thread.currentThread();
    // A process that dies before it asks must not leave this thread waiting.
    result.whenComplete((done, error) -> thread.interrupt());
    try {
      next.put(invocation);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (!path.startsWith(PREFIX)) {
      LoopbackServer.respond(exchange, 404, new byte[0]);
      return;
    }
    String[] parts = path.substring(PREFIX.length()).split("/", -1);
    switch (String.join("/", parts.length == 3 ? new String[] {parts[0], "*", parts[2]} : parts)) {
      case "invocation/next" -> sendNext(exchange);
      case "invocation/*/response" -> acceptResponse(exchange, parts[1]);
      case "invocation/*/error" -> acceptError(exchange, parts[1]);
      case "init/error" -> acceptInitError(exchange);
      default -> LoopbackServer.respond(exchange, 404, new byte[0]);
    }
  }

  private void sendNext(HttpExchange exchange) throws IOException {
    // In this order: whoever waits for the init delivers at once, and that begins a new wait.
    waiting.complete(true);
    initialized.complete(Optional.empty());
    try {
      Invocation invocation = next.take();
      var headers = exchange.getResponseHeaders();
      headers.set("Content-Type", "application/json");
      headers.set("Lambda-Runtime-Aws-Request-Id", invocation.requestId());
      headers.set(
          "Lambda-Runtime-Deadline-Ms", String.valueOf(invocation.deadline().toEpochMilli()));
      headers.set("Lambda-Runtime-Invoked-Function-Arn", invocation.functionArn());
      headers.set("Lambda-Runtime-Trace-Id", invocation.traceId());
      LoopbackServer.respond(exchange, 200, invocation.event());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void acceptResponse(HttpExchange exchange, String requestId) throws IOException {
    Optional<byte[]> body = LoopbackServer.body(exchange, LARGEST_RESPONSE);
    InvocationResult result =
        body.isPresent()
            ? new Succeeded(body.get())
            : Failed.of(
                "Function.ResponseSizeTooLarge",
                "Response payload size exceeded maximum allowed payload size (%d bytes)."
                    .formatted(LARGEST_RESPONSE));
    answer(exchange, complete(requestId, result) ? body.isPresent() ? 202 : 413 : 400);
  }

  private void acceptError(HttpExchange exchange, String requestId) throws IOException {
    answer(exchange, complete(requestId, failure(exchange)) ? 202 : 400);
  }

  private void acceptInitError(HttpExchange exchange) throws IOException {
    initialized.complete(Optional.of(failure(exchange)));
    answer(exchange, 202);
  }

  private static Failed failure(HttpExchange exchange) throws IOException {
    byte[] body = LoopbackServer.body(exchange, LARGEST_RESPONSE).orElse(new byte[0]);
    String header = exchange.getRequestHeaders().getFirst("Lambda-Runtime-Function-Error-Type");
    String type = Objects.requireNonNullElse(header, "Unhandled");
    try {
      JsonNode error = JSON.readTree(body);
      return new Failed(
          error.path("errorType").asText(type), error.path("errorMessage").asText(""), body);
    } catch (IOException e) {
      return Failed.of(type, new String(body, StandardCharsets.UTF_8));
    }
  }

  /** Whether the id was the open invocation's: a late answer of a given-up one is refused. */
  private boolean complete(String requestId, InvocationResult result) {
    Pending open = pending.get();
    if (open == null || !open.requestId.equals(requestId) || !pending.compareAndSet(open, null)) {
      return false;
    }
    return open.result.complete(result);
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    LoopbackServer.respond(
        exchange, status, "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8));
  }
}
