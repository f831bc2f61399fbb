package dev.sluice.simulator.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP server on the loopback address, one virtual thread a request. */
public final class HttpFront implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);
  private static final int BACKLOG = 1024;
  private static final int BUFFER = 1 << 16;

  static {
    // Without it the JDK's server lets Nagle's algorithm hold back a reply for 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Behaviour behaviour;
  private final Operation operation;
  private final LongAdder requests = new LongAdder();

  /** What a simulator does with a request. */
  @FunctionalInterface
  public interface Operation {
    Reply answer(Request request) throws IOException;
  }

  private HttpFront(HttpServer server, Behaviour behaviour, Operation operation) {
    this.server = server;
    this.behaviour = behaviour;
    this.operation = operation;
  }

  /**
   * Starts a server.
   *
   * @param port the port, or 0 for any free one
   */
  public static HttpFront start(int port, Behaviour behaviour, Operation operation)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
    HttpFront front = new HttpFront(HttpServer.create(address, BACKLOG), behaviour, operation);
    front.server.setExecutor(front.threads);
    front.server.createContext("/", front::handle);
    front.server.start();
    return front;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /** Requests received since the start, whatever was answered. */
  public long requests() {
    return requests.sum();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.increment();
    try (exchange) {
      Request request = new Request(exchange);
      send(exchange, answer(request));
    }
  }

  private Reply answer(Request request) throws IOException {
    try {
      Reply instead = behaviour.answerInstead(request).orElse(null);
      return instead != null ? instead : operation.answer(request);
    } catch (Request.BodyTooLarge e) {
      return Reply.text(413, "Request body too large");
    } catch (RuntimeException e) {
      LOG.error("{} ended in a defect of the simulator", request.target(), e);
      return Reply.text(500, "Internal Server Error");
    }
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    if (reply.ending() == Reply.Ending.NOTHING) {
      return;
    }
    // Closed with input unread, a connection is reset, and the answer may be lost.
    exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    long length = reply.file() == null ? reply.body().length : Files.size(reply.file());
    long sent = reply.ending() == Reply.Ending.WHOLE ? length : length / 2;
    long announced = reply.ending() == Reply.Ending.CUT ? length : sent;
    // The JDK's server means "no body" by -1 and "chunked" by 0.
    exchange.sendResponseHeaders(reply.status(), announced == 0 ? -1 : announced);
    if (announced > 0) {
      sendBody(exchange.getResponseBody(), reply, sent);
    }
  }

  /** The stream is closed with the exchange, which ends the connection if bytes are missing. */
  private static void sendBody(OutputStream out, Reply reply, long sent) throws IOException {
    if (reply.file() == null) {
      out.write(reply.body(), 0, (int) sent);
    } else {
      copy(reply.file(), out, sent);
    }
    out.flush();
  }

  private static void copy(Path file, OutputStream out, long most) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      long left = most;
      for (int read = 0; read >= 0 && left > 0; left -= read) {
        read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        out.write(buffer, 0, Math.max(0, read));
      }
    }
  }
}
