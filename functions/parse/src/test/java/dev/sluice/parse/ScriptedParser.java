package dev.sluice.parse;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A parser that answers each route as it is told, and remembers what it was asked. */
final class ScriptedParser implements AutoCloseable {
  private static final String JOBS = "/api/v2/parse";

  private final HttpServer server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  /** One answer to a route. */
  record Answer(int status, String body) {}

  /** One request. */
  record Asked(String route, String query, String authorization, String contentType, String body) {}

  ScriptedParser() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void reset() {
    answers.clear();
    asked.clear();
  }

  void onSubmit(int status, String body) {
    answers.put("POST " + JOBS, new Answer(status, body));
    answers.put("POST " + JOBS + "/upload", new Answer(status, body));
  }

  /** How an external parser answers a submission. */
  void onExternal(int status) {
    answers.put("POST /external", new Answer(status, ""));
  }

  void onGet(String id, int status, String body) {
    answers.put("GET " + JOBS + "/" + id, new Answer(status, body));
  }

  void onList(String items) {
    answers.put("GET " + JOBS, new Answer(200, "{\"items\": [" + items + "]}"));
  }

  /** Serves a result and returns its address. */
  String result(String name, String markdown) {
    answers.put("GET /results/" + name, new Answer(200, markdown));
    return url() + "/results/" + name + "?signature=s";
  }

  /** Requests whose method and path begin so. */
  List<Asked> asked(String route) {
    return asked.stream().filter(request -> request.route().startsWith(route)).toList();
  }

  List<Asked> submissions() {
    return asked("POST ");
  }

  private void answer(HttpExchange exchange) throws IOException {
    var route = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    var headers = exchange.getRequestHeaders();
    asked.add(
        new Asked(
            route,
            String.valueOf(exchange.getRequestURI().getRawQuery()),
            String.valueOf(headers.getFirst("Authorization")),
            String.valueOf(headers.getFirst("Content-Type")),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1)));
    var answer = answers.getOrDefault(route, new Answer(404, "{\"detail\": \"not found\"}"));
    var body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
