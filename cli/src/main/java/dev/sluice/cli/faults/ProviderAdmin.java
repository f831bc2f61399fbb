package dev.sluice.cli.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.cli.api.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Calls the admin port of the simulated providers. */
public final class ProviderAdmin implements AutoCloseable {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  private final URI base;
  private final HttpClient http = HttpClient.newHttpClient();

  public ProviderAdmin(URI base) {
    this.base = base;
  }

  /** The plan that runs, as it was set. */
  public JsonNode plan() {
    return call("GET", "/admin/faults", new byte[0]);
  }

  /**
   * Begins a plan.
   *
   * @param plan JSON
   * @return the plan as it runs now
   */
  public JsonNode begin(byte[] plan) {
    return call("PUT", "/admin/faults", plan);
  }

  /** Nothing goes wrong any more. */
  public void clear() {
    var unused = call("DELETE", "/admin/faults", new byte[0]);
  }

  /** What was decided since the plan began. */
  public JsonNode log() {
    return call("GET", "/admin/faults/log", new byte[0]);
  }

  /** What may be asked of each embedding model in a minute. */
  public JsonNode limits() {
    return call("GET", "/admin/limits", new byte[0]);
  }

  /** Sets the limits of the models in it, and gives those of all. */
  public JsonNode limit(JsonNode limits) {
    return call("PUT", "/admin/limits", bytes(limits));
  }

  @Override
  public void close() {
    // Every answer has been read: there is nothing to wait for.
    http.shutdownNow();
  }

  private JsonNode call(String method, String path, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(ANSWER_LIMIT)
            .method(method, BodyPublishers.ofByteArray(body))
            .build();
    try {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      JsonNode answer = Json.MAPPER.readTree(response.body());
      if (response.statusCode() / 100 != 2) {
        throw new AdminRefused(answer.path("detail").asText("status " + response.statusCode()));
      }
      return answer;
    } catch (JsonProcessingException e) {
      throw new AdminRefused(base + " is no admin port of simulated providers", e);
    } catch (IOException e) {
      throw new AdminRefused(base + " could not be reached", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AdminRefused("interrupted while waiting for " + base, e);
    }
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return Json.MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
