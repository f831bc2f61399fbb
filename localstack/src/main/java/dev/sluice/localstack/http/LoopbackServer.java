package dev.sluice.localstack.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP server on 127.0.0.1 that runs each request on a virtual thread of its own. */
public final class LoopbackServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoopbackServer.class);

  /** How long a client may take to send one request, body included. */
  private static final Duration LONGEST_REQUEST = Duration.ofMinutes(2);

  static {
    // The JDK's server reads these once, before the first server of the process is made.
    setIfAbsent("sun.net.httpserver.nodelay", "true");
    setIfAbsent("sun.net.httpserver.maxReqTime", String.valueOf(LONGEST_REQUEST.toSeconds()));
    setIfAbsent("sun.net.httpserver.maxConnections", "1024");
    setIfAbsent("sun.net.httpserver.maxReqHeaders", "100");
  }

  private final HttpServer server;
  private final ExecutorService executor;

  private LoopbackServer(HttpServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  /**
   * Starts a server.
   *
   * @param port 0 takes a free one
   * @param name of its threads
   * @throws IOException if the port is taken
   */
  public static LoopbackServer start(int port, String name, HttpHandler handler)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
    HttpServer server = HttpServer.create(address, 128);
    ExecutorService executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-", 0).factory());
    server.setExecutor(executor);
    server.createContext("/", exchange -> guarded(name, handler, exchange));
    server.start();
    return new LoopbackServer(server, executor);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /**
   * The body, or nothing if it is longer than the limit. The rest of a body that is too long is
   * read and dropped, up to four times the limit, so that the client hears the answer.
   */
  public static Optional<byte[]> body(HttpExchange exchange, int limit) throws IOException {
    InputStream in = exchange.getRequestBody();
    byte[] body = in.readNBytes(limit + 1);
    if (body.length <= limit) {
      return Optional.of(body);
    }
    drain(in, 3L * limit);
    return Optional.empty();
  }

  private static void drain(InputStream in, long most) throws IOException {
    byte[] buffer = new byte[16_384];
    long dropped = 0;
    for (int read = in.read(buffer); read >= 0 && dropped < most; read = in.read(buffer)) {
      dropped += read;
    }
  }

  /** Sends the whole response; {@code HEAD} and 204 send none of the body. */
  public static void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean bodyless = exchange.getRequestMethod().equals("HEAD") || status == 204 || status == 304;
    exchange.sendResponseHeaders(status, bodyless || body.length == 0 ? -1 : body.length);
    if (!bodyless && body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private static void guarded(String name, HttpHandler handler, HttpExchange exchange) {
    try (exchange) {
      handler.handle(exchange);
    } catch (IOException e) {
      LOG.debug("{}: the client left before its answer", name, e);
    } catch (RuntimeException e) {
      LOG.error("{}: {} {} failed", name, exchange.getRequestMethod(), exchange.getRequestURI(), e);
      answerFailure(exchange);
    }
  }

  private static void answerFailure(HttpExchange exchange) {
    try {
      respond(exchange, 500, new byte[0]);
    } catch (IOException e) {
      LOG.debug("the answer to a failed request could not be sent", e);
    }
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
