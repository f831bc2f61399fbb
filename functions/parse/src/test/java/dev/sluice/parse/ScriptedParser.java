package dev.sluice.parse;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** A parser that answers each route as it is told, and remembers what it was asked. */
final class ScriptedParser implements AutoCloseable {
  private static final String JOBS = "/api/v2/parse";

  private final HttpServer server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, Pages> large = new ConcurrentHashMap<>();
  private final List<String> listed = new CopyOnWriteArrayList<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  /** One answer to a route. */
  record Answer(int status, String body) {}

  /**
   * A large result, which is made while it is sent.
   *
   * @param whole false if the connection breaks after the last page
   * @param beforeTheEnd what else happens once all pages are sent
   */
  record Pages(int count, String markdown, boolean whole, Runnable beforeTheEnd) {
    Pages(int count, String markdown, boolean whole) {
      this(count, markdown, whole, () -> {});
    }

    void writeTo(OutputStream out) throws IOException {
      out.write(utf8("{\"job\": {}, \"markdown\": {\"pages\": ["));
      for (int page = 1; page <= count; page++) {
        out.write(
            utf8(
                "%s{\"markdown\": \"%s\", \"page_number\": %d, \"success\": true}"
                    .formatted(page == 1 ? "" : ",", markdown, page)));
      }
      beforeTheEnd.run();
      if (whole) {
        out.write(utf8("]}}"));
        out.close();
      }
    }
  }

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
    listed.clear();
    large.clear();
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
    on("GET", "/" + id, status, body);
  }

  /** How any route below the jobs is answered. */
  void on(String method, String route, int status, String body) {
    answers.put(method + " " + JOBS + route, new Answer(status, body));
  }

  /** How a job is answered when its pages are asked for. */
  void onResult(String id, int status, String body) {
    answers.put("GET " + JOBS + "/" + id + "?expand=markdown", new Answer(status, body));
  }

  void onResult(String id, Pages pages) {
    large.put("GET " + JOBS + "/" + id + "?expand=markdown", pages);
  }

  void onCancel(String id, int status, String body) {
    answers.put("POST " + JOBS + "/" + id + "/cancel", new Answer(status, body));
  }

  void onList(String items) {
    answers.put("GET " + JOBS, new Answer(200, "{\"items\": [" + items + "]}"));
  }

  /** A list that is given in parts, as large as each is asked for. */
  void onList(List<String> items) {
    listed.addAll(items);
  }

  private Answer part(String query) {
    int size = number(query, "page_size");
    int from = number(query, "page_token");
    int to = Math.min(listed.size(), from + size);
    return new Answer(
        200,
        "{\"items\": [%s], \"next_page_token\": %s}"
            .formatted(
                String.join(",", listed.subList(from, to)),
                to < listed.size() ? "\"" + to + "\"" : "null"));
  }

  private static int number(String query, String parameter) {
    var found = Pattern.compile(parameter + "=(\\d+)").matcher(query);
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }

  /** Requests whose method and path begin so. */
  List<Asked> asked(String route) {
    return asked.stream().filter(request -> request.route().startsWith(route)).toList();
  }

  List<Asked> submissions() {
    return asked("POST ").stream().filter(asked -> !asked.route().endsWith("/cancel")).toList();
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
    var pages = large.get(route + "?" + exchange.getRequestURI().getRawQuery());
    if (pages != null) {
      exchange.sendResponseHeaders(200, 0);
      pages.writeTo(exchange.getResponseBody());
      exchange.close();
      return;
    }
    var answer =
        route.equals("GET " + JOBS) && !listed.isEmpty()
            ? part(String.valueOf(exchange.getRequestURI().getRawQuery()))
            : answers.getOrDefault(
                route + "?" + exchange.getRequestURI().getRawQuery(),
                answers.getOrDefault(route, new Answer(404, "{\"detail\": \"not found\"}")));
    var body = utf8(answer.body());
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
