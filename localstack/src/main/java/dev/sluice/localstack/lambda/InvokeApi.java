package dev.sluice.localstack.lambda;

import com.sun.net.httpserver.HttpExchange;
import dev.sluice.localstack.http.LoopbackServer;
import dev.sluice.localstack.lambda.InvocationResult.Failed;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lambda's Invoke API, for {@code aws lambda invoke --endpoint-url}. An {@code Event} invocation is
 * tried once; AWS would try it twice more, minutes later.
 */
final class InvokeApi implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InvokeApi.class);
  private static final Pattern INVOKE =
      Pattern.compile("/2015-03-31/functions/([^/]+)/invocations/?");

  /** The largest synchronous event; 6 MB as documented. */
  private static final int LARGEST_EVENT = 6_291_456;

  private final LocalLambda lambda;
  private final LoopbackServer server;

  InvokeApi(int port, LocalLambda lambda) throws IOException {
    this.lambda = lambda;
    this.server = LoopbackServer.start(port, "lambda", this::handle);
  }

  URI uri() {
    return server.uri();
  }

  private void handle(HttpExchange exchange) throws IOException {
    Matcher path = INVOKE.matcher(exchange.getRequestURI().getPath());
    if (!path.matches() || !exchange.getRequestMethod().equals("POST")) {
      refuse(exchange, 404, "UnknownOperationException", "Only Invoke is served locally");
      return;
    }
    String name = path.group(1).substring(path.group(1).lastIndexOf(':') + 1);
    if (!lambda.has(name)) {
      refuse(exchange, 404, "ResourceNotFoundException", "Function not found: " + name);
      return;
    }
    Optional<byte[]> event = LoopbackServer.body(exchange, LARGEST_EVENT);
    if (event.isEmpty()) {
      refuse(
          exchange,
          413,
          "RequestTooLargeException",
          "Request must be smaller than %d bytes".formatted(LARGEST_EVENT));
      return;
    }
    String type = exchange.getRequestHeaders().getFirst("X-Amz-Invocation-Type");
    invoke(exchange, name, Objects.requireNonNullElse(type, "RequestResponse"), event.get());
  }

  private void invoke(HttpExchange exchange, String name, String type, byte[] body)
      throws IOException {
    byte[] event = body.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : body;
    switch (type) {
      case "DryRun" -> LoopbackServer.respond(exchange, 204, new byte[0]);
      case "Event" -> {
        Thread.ofVirtual().name("event-" + name).start(() -> invokeQuietly(name, event));
        LoopbackServer.respond(exchange, 202, new byte[0]);
      }
      case "RequestResponse" -> answer(exchange, name, event);
      default ->
          refuse(
              exchange, 400, "InvalidParameterValueException", "Unknown invocation type " + type);
    }
  }

  private void answer(HttpExchange exchange, String name, byte[] event) throws IOException {
    try {
      InvocationResult result = lambda.invoke(name, event);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.getResponseHeaders().set("X-Amz-Executed-Version", "$LATEST");
      if (result instanceof Failed) {
        exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
      }
      LoopbackServer.respond(exchange, 200, result.payload());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refuse(exchange, 503, "ServiceException", "The local cloud is stopping");
    }
  }

  private void invokeQuietly(String name, byte[] event) {
    try {
      if (lambda.invoke(name, event) instanceof Failed failure) {
        LOG.warn("the asynchronous event of function {} is lost: {}", name, failure.message());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void refuse(HttpExchange exchange, int status, String type, String message)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.getResponseHeaders().set("x-amzn-ErrorType", type);
    String body = "{\"Type\":\"User\",\"Message\":\"%s\"}".formatted(message.replace("\"", "'"));
    LoopbackServer.respond(exchange, status, body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
