package dev.sluice.pipeline;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.document.Hashes;
import dev.sluice.document.JobStatus;
import dev.sluice.localstack.LocalCloud;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;

/** The API as any HTTP client sees it, for one user. */
public final class Pipeline {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI api;
  private final String token;

  public Pipeline(LocalCloud cloud, UUID user) {
    this(cloud.endpoints().api(), cloud.issueToken(user, Duration.ofHours(3)));
  }

  public Pipeline(URI api, String token) {
    this.api = api;
    this.token = token;
  }

  /** Uploads and returns the answer to POST /documents. */
  public JsonNode upload(String filename, String mimeType, byte[] bytes) {
    return upload(announcement(filename, mimeType, bytes), bytes);
  }

  /** The same, as the next generation of a document. */
  JsonNode upload(String filename, String mimeType, byte[] bytes, String documentId) {
    return upload(announcement(filename, mimeType, bytes).put("document_id", documentId), bytes);
  }

  private JsonNode upload(ObjectNode announcement, byte[] bytes) {
    var created = json(post("/documents", announcement));
    var stored = put(created, bytes);
    if (stored.statusCode() != 200) {
      throw new AssertionError("PUT answered " + stored.statusCode() + ": " + stored.body());
    }
    return created;
  }

  /** Sends the bytes to where the answer to POST /documents says. */
  public HttpResponse<String> put(JsonNode created, byte[] bytes) {
    var upload = created.path("upload");
    var put =
        HttpRequest.newBuilder(URI.create(upload.path("url").asText()))
            .PUT(BodyPublishers.ofByteArray(bytes));
    upload
        .path("headers")
        .properties()
        .forEach(
            header -> {
              if (!header.getKey().equalsIgnoreCase("content-length")) {
                put.header(header.getKey(), header.getValue().asText());
              }
            });
    return send(put.build());
  }

  public static ObjectNode announcement(String filename, String mimeType, byte[] bytes) {
    return JSON.createObjectNode()
        .put("filename", filename)
        .put("mime_type", mimeType)
        .put("size_bytes", bytes.length)
        .put("sha256", Hashes.ofBytes(bytes));
  }

  /** Waits until no stage will move the job by itself. */
  public JsonNode finished(JsonNode created) {
    return await()
        .atMost(LONGEST)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> job(created),
            job -> JobStatus.ofWireName(job.path("status").asText()).isTerminal());
  }

  public JsonNode job(JsonNode created) {
    return json(get("/jobs/" + created.path("document_id").asText()));
  }

  public JsonNode search(String query, int top) {
    return json(post("/search", JSON.createObjectNode().put("query", query).put("top_k", top)));
  }

  public HttpResponse<String> get(String path) {
    return send(request(path).GET().build());
  }

  public HttpResponse<String> post(String path, JsonNode body) {
    return send(
        request(path)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build());
  }

  /** Announces an upload under the client's own key. */
  public HttpResponse<String> announce(JsonNode announcement, String key) {
    return send(
        request("/documents")
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .POST(BodyPublishers.ofString(announcement.toString()))
            .build());
  }

  public HttpResponse<String> post(String path) {
    return send(request(path).POST(BodyPublishers.noBody()).build());
  }

  public HttpResponse<String> delete(String path) {
    return send(request(path).DELETE().build());
  }

  public HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(api.resolve(path)).header("authorization", "Bearer " + token);
  }

  public static JsonNode json(HttpResponse<String> response) {
    if (response.statusCode() >= 300) {
      throw new AssertionError("HTTP " + response.statusCode() + ": " + response.body());
    }
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
