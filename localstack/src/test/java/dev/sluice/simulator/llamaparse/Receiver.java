package dev.sluice.simulator.llamaparse;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Receives callbacks and answers as it was told to, with 200 when it was told nothing more. */
final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

  record Call(Map<String, List<String>> headers, byte[] body) {
    String header(String name) {
      return String.join(",", headers.getOrDefault(name, List.of()));
    }
  }

  Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          Integer answer = answers.poll();
          calls.add(new Call(Map.copyOf(exchange.getRequestHeaders()), body));
          exchange.sendResponseHeaders(answer == null ? 200 : answer, -1);
          exchange.close();
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  Receiver answering(Integer... statuses) {
    answers.addAll(List.of(statuses));
    return this;
  }

  Call next() throws InterruptedException {
    Call call = calls.poll(30, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no callback within 30 s");
    }
    return call;
  }

  int waiting() {
    return calls.size();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
