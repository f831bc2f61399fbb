package dev.sluice.localstack.gateway;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.sluice.localstack.gateway.RouteTable.Match;
import dev.sluice.localstack.http.LoopbackServer;
import dev.sluice.localstack.lambda.InvocationResult;
import dev.sluice.localstack.lambda.InvocationResult.Succeeded;
import dev.sluice.localstack.template.ApiDefinition;
import dev.sluice.localstack.template.CloudTemplate;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Serves the template's HTTP API on 127.0.0.1. Beside its routes it answers {@code
 * /.well-known/openid-configuration} and {@code /.well-known/jwks.json} for the local issuer.
 */
public final class Gateway implements AutoCloseable {
  /** The longest an HTTP API waits for its integration. */
  public static final Duration INTEGRATION_TIMEOUT = Duration.ofSeconds(30);

  /** An HTTP API's largest request, 10 MB. */
  private static final int LARGEST_REQUEST = 10 * 1024 * 1024;

  /** Lambda's largest synchronous event, 6 MB, of which escaping and Base64 take their share. */
  private static final int LARGEST_EVENT = 6_291_456;

  /** What invokes a function. */
  public interface Functions {
    InvocationResult invoke(String function, byte[] event) throws InterruptedException;
  }

  private final RouteTable routes;
  private final Optional<JwtAuthorizer> authorizer;
  private final Optional<TokenBucket> throttle;
  private final LocalIssuer issuer;
  private final Functions functions;
  private final Duration integrationTimeout;
  private final InstantSource clock;
  private final Executor invocations = task -> Thread.ofVirtual().name("integration").start(task);
  private final LoopbackServer server;

  private Gateway(
      int port,
      CloudTemplate template,
      LocalIssuer issuer,
      Functions functions,
      Duration integrationTimeout,
      InstantSource clock)
      throws IOException {
    ApiDefinition api =
        template
            .api()
            .orElseThrow(() -> new IllegalArgumentException("the template has no HTTP API"));
    this.routes = new RouteTable(template.functions());
    this.authorizer = api.authorizer().map(jwt -> new JwtAuthorizer(jwt, issuer, clock));
    this.throttle = api.throttle().map(limit -> new TokenBucket(limit, System::nanoTime));
    this.issuer = issuer;
    this.functions = functions;
    this.integrationTimeout = integrationTimeout;
    this.clock = clock;
    this.server = LoopbackServer.start(port, "gateway", this::handle);
  }

  /**
   * Starts to serve.
   *
   * @param port the one that the issuer's address names
   * @param integrationTimeout {@link #INTEGRATION_TIMEOUT} outside of tests
   * @throws IOException if the port is taken
   */
  public static Gateway start(
      int port,
      CloudTemplate template,
      LocalIssuer issuer,
      Functions functions,
      Duration integrationTimeout,
      InstantSource clock)
      throws IOException {
    return new Gateway(port, template, issuer, functions, integrationTimeout, clock);
  }

  public URI uri() {
    return server.uri();
  }

  private void handle(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case "/.well-known/openid-configuration" -> document(exchange, issuer.configuration());
      case "/.well-known/jwks.json" -> document(exchange, issuer.publicKeys().toString());
      default -> route(exchange);
    }
  }

  private static void document(HttpExchange exchange, String json) throws IOException {
    exchange.getResponseHeaders().set("content-type", "application/json");
    LoopbackServer.respond(exchange, 200, json.getBytes(StandardCharsets.UTF_8));
  }

  private void route(HttpExchange exchange) throws IOException {
    String requestId = UUID.randomUUID().toString();
    exchange.getResponseHeaders().set("apigw-requestid", requestId);
    Optional<byte[]> body = LoopbackServer.body(exchange, LARGEST_REQUEST);
    if (body.isEmpty()) {
      refuse(exchange, 413, "Request Entity Too Large");
      return;
    }
    if (throttle.isPresent() && !throttle.get().take()) {
      refuse(exchange, 429, "Too Many Requests");
      return;
    }
    ApiRequest request = ApiRequest.of(exchange, body.get());
    Optional<Match> match = routes.find(request.method(), request.rawPath());
    if (match.isEmpty()) {
      refuse(exchange, 404, "Not Found");
      return;
    }
    authorize(exchange, request, match.get(), requestId);
  }

  private void authorize(HttpExchange exchange, ApiRequest request, Match match, String requestId)
      throws IOException {
    Optional<Map<String, String>> claims = Optional.empty();
    if (match.trigger().authorized() && authorizer.isPresent()) {
      claims = authorizer.get().authorize(request.header("authorization"));
      if (claims.isEmpty()) {
        exchange.getResponseHeaders().set("www-authenticate", "Bearer");
        refuse(exchange, 401, "Unauthorized");
        return;
      }
    }
    byte[] event = HttpApiEvent.of(request, match, claims, requestId, clock.instant());
    if (event.length > LARGEST_EVENT) {
      refuse(exchange, 413, "Request Entity Too Large");
      return;
    }
    integrate(exchange, match.function(), event);
  }

  private void integrate(HttpExchange exchange, String function, byte[] event) throws IOException {
    // Like AWS, the gateway only stops waiting: the function goes on to its own timeout.
    CompletableFuture<InvocationResult> call =
        CompletableFuture.supplyAsync(() -> invoke(function, event), invocations);
    try {
      InvocationResult result = call.get(integrationTimeout.toMillis(), TimeUnit.MILLISECONDS);
      answer(exchange, result);
    } catch (TimeoutException e) {
      refuse(exchange, 503, "Service Unavailable");
    } catch (ExecutionException e) {
      refuse(exchange, 500, "Internal Server Error");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refuse(exchange, 503, "Service Unavailable");
    }
  }

  private InvocationResult invoke(String function, byte[] event) {
    try {
      return functions.invoke(function, event);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  private static void answer(HttpExchange exchange, InvocationResult result) throws IOException {
    Optional<HttpApiResponse> response =
        result instanceof Succeeded success
            ? HttpApiResponse.of(success.payload())
            : Optional.empty();
    if (response.isEmpty()) {
      refuse(exchange, 500, "Internal Server Error");
      return;
    }
    Headers headers = exchange.getResponseHeaders();
    response.get().headers().forEach(headers::set);
    response.get().cookies().forEach(cookie -> headers.add("set-cookie", cookie));
    LoopbackServer.respond(exchange, response.get().status(), response.get().body());
  }

  private static void refuse(HttpExchange exchange, int status, String message) throws IOException {
    exchange.getResponseHeaders().set("content-type", "application/json");
    String body = "{\"message\":\"%s\"}".formatted(message);
    LoopbackServer.respond(exchange, status, body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
