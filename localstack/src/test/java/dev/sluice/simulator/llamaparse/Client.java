package dev.sluice.simulator.llamaparse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;

/** What a client of the API does, over HTTP. */
final class Client implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final String BOUNDARY = "----sluice";

  private final HttpClient http = HttpClient.newHttpClient();
  private URI base;

  Client(URI base) {
    this.base = base;
  }

  void moveTo(URI newBase) {
    base = newBase;
  }

  static Map<String, Object> configuration() {
    return new HashMap<>(Map.of("tier", "cost_effective", "version", "latest"));
  }

  static Map<String, Object> configuration(String field, Object value) {
    Map<String, Object> configuration = configuration();
    configuration.put(field, value);
    return configuration;
  }

  HttpResponse<String> submit(Map<String, Object> body) throws Exception {
    return send(
        "POST", "/api/v2/parse", "application/json", JSON.writeValueAsBytes(body), "llx-local");
  }

  HttpResponse<String> upload(byte[] file, String name, Map<String, Object> configuration)
      throws Exception {
    return multipart("/api/v2/parse/upload", file, name, JSON.writeValueAsString(configuration));
  }

  HttpResponse<String> multipart(String path, byte[] file, String name, String configuration)
      throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        """
        --%s\r
        Content-Disposition: form-data; name="other"\r
        \r
        x\r
        --%s\r
        Content-Disposition: form-data; name="configuration"\r
        \r
        %s\r
        --%s\r
        Content-Disposition: form-data; name="file"; filename="%s"\r
        Content-Type: application/octet-stream\r
        \r
        """
            .formatted(BOUNDARY, BOUNDARY, configuration, BOUNDARY, name)
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(file);
    body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return send(
        "POST", path, "multipart/form-data; boundary=" + BOUNDARY, body.toByteArray(), "llx-local");
  }

  String uploaded(byte[] file, String name, Map<String, Object> configuration) throws Exception {
    return id(upload(file, name, configuration));
  }

  static String id(HttpResponse<String> response) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body()).path("id").asText();
  }

  HttpResponse<String> get(String path) throws Exception {
    return send("GET", path, "application/json", new byte[0], "llx-local");
  }

  HttpResponse<String> post(String path) throws Exception {
    return send("POST", path, "application/json", new byte[0], "llx-local");
  }

  JsonNode job(String id, String expand) throws Exception {
    HttpResponse<String> response = get("/api/v2/parse/" + id + "?expand=" + expand);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  JsonNode ended(String id, String expand) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> job(id, expand), job -> !isOpen(job.at("/job/status").asText()));
  }

  private static boolean isOpen(String status) {
    return status.equals("PENDING") || status.equals("RUNNING");
  }

  HttpResponse<String> fetch(String url) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).GET().build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> send(String method, String path, String type, byte[] body, String key)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    http.close();
  }
}
