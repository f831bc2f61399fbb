package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.cli.api.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** Sluice's API as the brief of the pipeline gives it, with a pipeline that follows a script. */
final class ScriptedSluice implements AutoCloseable {
  static final String TOKEN = "a-token";

  private static final List<String> HAPPY =
      List.of(
          "uploaded", "parse_queued", "parsed", "chunking", "embedding_in_progress", "complete");

  private record Document(String filename, String mime, int generation, String jobId) {}

  private final HttpServer server;
  private final Map<String, Document> documents = new ConcurrentHashMap<>();
  private final Map<String, Integer> polls = new ConcurrentHashMap<>();
  private final Map<String, List<String>> scripts = new HashMap<>();
  private final Map<String, String> failures = new HashMap<>();
  private final ConcurrentLinkedDeque<Integer> refusals = new ConcurrentLinkedDeque<>();
  private final ConcurrentLinkedDeque<Integer> uploadRefusals = new ConcurrentLinkedDeque<>();
  private final Map<String, Integer> actives = new ConcurrentHashMap<>();
  private final List<String> acts = new CopyOnWriteArrayList<>();
  private volatile String newerStatus = "";
  volatile boolean loseAnswers;

  final List<JsonNode> posted = new CopyOnWriteArrayList<>();
  final Map<String, byte[]> uploads = new ConcurrentHashMap<>();
  final List<Map<String, List<String>>> uploadHeaders = new CopyOnWriteArrayList<>();
  final List<JsonNode> searches = new CopyOnWriteArrayList<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();

  ScriptedSluice() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/documents", exchange -> api(exchange, this::create));
    server.createContext("/jobs", exchange -> api(exchange, this::jobs));
    server.createContext("/search", exchange -> api(exchange, this::search));
    server.createContext("/bytes/", this::upload);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The statuses that this file's job shows, one a poll; the last one stays. */
  ScriptedSluice script(String filename, String... statuses) {
    scripts.put(filename, List.of(statuses));
    return this;
  }

  ScriptedSluice fail(String filename, String status, String why) {
    scripts.put(filename, List.of("uploaded", "parse_queued", status));
    failures.put(filename, why);
    return this;
  }

  /** Answers the next calls of the API with these statuses instead of doing what they ask. */
  ScriptedSluice refuse(int... statuses) {
    for (int status : statuses) {
      refusals.add(status);
    }
    return this;
  }

  /** The same for uploads. */
  ScriptedSluice refuseUploads(int... statuses) {
    for (int status : statuses) {
      uploadRefusals.add(status);
    }
    return this;
  }

  /** Puts a newer generation of every document, in this status, beside the one that was sent. */
  ScriptedSluice addNewerGeneration(String status) {
    newerStatus = status;
    return this;
  }

  /** The document has had so many generations, all of them complete. */
  void generations(String id, int count) {
    actives.put(id, count);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private interface Route {
    void answer(HttpExchange exchange, byte[] body) throws IOException;
  }

  private void api(HttpExchange exchange, Route route) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    Integer refusal = refusals.poll();
    if (refusal != null) {
      problem(exchange, refusal, "scripted", "the script says " + refusal);
    } else {
      route.answer(exchange, body);
    }
  }

  private void create(HttpExchange exchange, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("DELETE")) {
      delete(exchange, exchange.getRequestURI().getPath().substring("/documents/".length()));
      return;
    }
    String path = exchange.getRequestURI().getPath();
    if (path.startsWith("/documents/")) {
      document(exchange, path.substring("/documents/".length()));
      return;
    }
    JsonNode asked = Json.MAPPER.readTree(body);
    posted.add(asked);
    String name = asked.get("filename").asText();
    String id =
        asked.hasNonNull("document_id")
            ? asked.get("document_id").asText()
            : UUID.nameUUIDFromBytes(asked.get("sha256").asText().getBytes(StandardCharsets.UTF_8))
                .toString();
    int generation = documents.containsKey(id) ? documents.get(id).generation() + 1 : 1;
    Document document =
        new Document(
            name, asked.get("mime_type").asText(), generation, UUID.randomUUID().toString());
    documents.put(id, document);
    polls.put(id, 0);
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.put("document_id", id).put("job_id", document.jobId());
    answer.put("generation", generation).put("status", "uploaded");
    ObjectNode upload = answer.putObject("upload");
    upload.put("method", "PUT").put("url", url() + "/bytes/" + id + "/" + generation);
    upload.put("expires_at", "2026-11-24T07:00:00Z");
    ObjectNode headers = upload.putObject("headers");
    headers.put("content-type", asked.get("mime_type").asText());
    headers.put("content-length", asked.get("size_bytes").asText());
    headers.put("If-None-Match", "*");
    headers.put("x-amz-checksum-sha256", base64(asked.get("sha256").asText()));
    json(exchange, 201, answer);
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(java.util.HexFormat.of().parseHex(hex));
  }

  private void upload(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    uploadHeaders.add(Map.copyOf(exchange.getRequestHeaders()));
    Integer refusal = uploadRefusals.poll();
    if (refusal != null) {
      byte[] said = "<Error><Code>Scripted</Code></Error>".getBytes(StandardCharsets.UTF_8);
      send(exchange, refusal, "application/xml", said);
      return;
    }
    String[] path = exchange.getRequestURI().getPath().split("/");
    uploads.put(path[2], body);
    send(exchange, 200, "text/plain", new byte[0]);
  }

  private void jobs(HttpExchange exchange, byte[] body) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/jobs")) {
      ObjectNode all = Json.MAPPER.createObjectNode();
      var list = all.putArray("jobs");
      for (String id : documents.keySet()) {
        if (!newerStatus.isEmpty()) {
          list.add(newer(id));
        }
        list.add(job(id));
      }
      json(exchange, 200, all);
      return;
    }
    String id = path.substring("/jobs/".length());
    if (exchange.getRequestMethod().equals("POST")) {
      act(exchange, id);
    } else if (documents.containsKey(id)) {
      json(exchange, 200, newerStatus.isEmpty() ? job(id) : newer(id));
    } else {
      problem(exchange, 404, "unknown_document", "there is no document " + id + " of yours");
    }
  }

  /** Of {@code ID/cancel} and {@code ID/retry}, each of which is done once. */
  private void act(HttpExchange exchange, String path) throws IOException {
    String id = path.substring(0, path.indexOf('/'));
    String act = path.substring(path.indexOf('/') + 1);
    String refusal = act.equals("cancel") ? "job_cancelled" : "job_running";
    if (!documents.containsKey(id)) {
      problem(exchange, 404, "unknown_document", "there is no document " + id + " of yours");
    } else if (acts.contains(path)) {
      problem(exchange, 409, refusal, "the script says " + refusal);
    } else {
      acts.add(path);
      script(documents.get(id).filename(), act.equals("cancel") ? "cancelled" : "parsed");
      if (loseAnswers) {
        problem(exchange, 503, "lost", "the answer was lost");
      } else {
        json(exchange, 200, job(id));
      }
    }
  }

  /** Of {@code ID} and {@code ID/rollback}; each call without a number goes one further back. */
  private void document(HttpExchange exchange, String path) throws IOException {
    String id = path.split("/")[0];
    if (!documents.containsKey(id)) {
      problem(exchange, 404, "unknown_document", "there is no document " + id + " of yours");
      return;
    }
    int active = actives.getOrDefault(id, documents.get(id).generation());
    if (path.endsWith("/rollback")) {
      String to = exchange.getRequestURI().getQuery();
      active = to == null ? active - 1 : Integer.parseInt(to.substring("generation=".length()));
      if (active < 1) {
        problem(exchange, 409, "no_previous_generation", "the script has none before it");
        return;
      }
      actives.put(id, active);
      if (loseAnswers && !acts.contains(path)) {
        acts.add(path);
        problem(exchange, 503, "lost", "the answer was lost");
        return;
      }
    }
    ObjectNode document = Json.MAPPER.createObjectNode().put("document_id", id);
    document.put("filename", documents.get(id).filename());
    document.put("current_generation", documents.get(id).generation());
    document.put("active_generation", active);
    document.put("previous_generation", active > 1 ? active - 1 : null);
    json(exchange, 200, document);
  }

  private void delete(HttpExchange exchange, String id) throws IOException {
    if (documents.remove(id) == null) {
      problem(exchange, 404, "unknown_document", "there is no document " + id + " of yours");
    } else if (loseAnswers) {
      problem(exchange, 503, "lost", "the answer was lost");
    } else {
      send(exchange, 204, "application/json", new byte[0]);
    }
  }

  private ObjectNode newer(String id) {
    ObjectNode newer = Json.MAPPER.createObjectNode();
    newer.put("document_id", id).put("generation", documents.get(id).generation() + 1);
    return newer.put("job_id", "newer").put("status", newerStatus);
  }

  private ObjectNode job(String id) {
    Document document = documents.get(id);
    List<String> script = scripts.getOrDefault(document.filename(), HAPPY);
    int poll = polls.merge(id, 1, Integer::sum);
    String status = script.get(Math.min(poll, script.size()) - 1);
    ObjectNode job = Json.MAPPER.createObjectNode();
    job.put("document_id", id).put("generation", document.generation());
    job.put("job_id", document.jobId());
    job.put("filename", document.filename()).put("status", status);
    job.put("correlation_id", "c0ffee").put("created_at", "2026-11-24T06:00:00Z");
    job.putObject("progress")
        .put("pages", 3)
        .put("chunks_total", 8)
        .put("chunks_done", 8)
        .put("embeds_done", status.equals("complete") ? 8 : 4)
        .putArray("pages_missing")
        .add(1)
        .add(3);
    job.putNull("wait_reason").putNull("error").putNull("receipt");
    if (status.startsWith("failed")) {
      job.putObject("error")
          .put("code", "broken_document")
          .put("stage", "parse")
          .put("message", failures.getOrDefault(document.filename(), "no reason"));
    }
    if (status.equals("complete")) {
      ObjectNode receipt = job.putObject("receipt");
      receipt.put("pages", 3).put("chunks", 8).put("vectors", 8).put("tokens", 1234);
      receipt.put("cost_microusd", new java.math.BigDecimal("24.68"));
      receipt.put("chunks_reused", 3).put("tokens_saved", 500);
      receipt.put("saved_microusd", new java.math.BigDecimal("10"));
      receipt.putObject("seconds").put("parse", 1.5).put("validate", 0.25).put("embed", 0.5);
    }
    return job;
  }

  private void search(HttpExchange exchange, byte[] body) throws IOException {
    JsonNode asked = Json.MAPPER.readTree(body);
    searches.add(asked);
    ObjectNode answer = Json.MAPPER.createObjectNode().put("mode", "vector");
    var results = answer.putArray("results");
    int page = 2;
    for (String id : documents.keySet()) {
      ObjectNode passage = results.addObject();
      passage.put("document_id", id).put("filename", documents.get(id).filename());
      passage.put("chunk_id", UUID.randomUUID().toString()).put("page", page++);
      passage
          .put("section", "Water damage")
          .putArray("heading_path")
          .add("Cover")
          .add("Water damage");
      passage
          .put("score", 0.75)
          .put("text", "Damage caused by a burst pipe is covered. ".repeat(20));
    }
    json(exchange, 200, answer);
  }

  private static void problem(HttpExchange exchange, int status, String code, String detail)
      throws IOException {
    ObjectNode problem = Json.MAPPER.createObjectNode();
    problem.put("title", "No").put("status", status).put("code", code).put("detail", detail);
    send(exchange, status, "application/problem+json", Json.MAPPER.writeValueAsBytes(problem));
  }

  private static void json(HttpExchange exchange, int status, JsonNode body) throws IOException {
    send(exchange, status, "application/json", Json.MAPPER.writeValueAsBytes(body));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
