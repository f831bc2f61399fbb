package dev.sluice.simulator.llamaparse;

import static dev.sluice.simulator.llamaparse.Client.JSON;
import static dev.sluice.simulator.llamaparse.Client.configuration;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.samples.SampleDocuments;
import dev.sluice.simulator.SetTimer;
import dev.sluice.simulator.fault.FaultKind;
import dev.sluice.simulator.fault.FaultPlan;
import dev.sluice.simulator.fault.FaultRule;
import dev.sluice.simulator.fault.Faults;
import dev.sluice.simulator.fault.Operation;
import dev.sluice.simulator.fault.Parameters;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault of the parser's answers, seen by a client over HTTP. */
@SuppressWarnings("NullAway.Init")
final class LlamaParseFaultsTest {
  private static final byte[] TEXT = "Some text.".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path state;
  private final Faults faults = new Faults(new SetTimer());
  private LlamaParseSimulator simulator;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    simulator = LlamaParseSimulator.start(LlamaParseOptions.defaults(state).withFaults(faults));
    client = new Client(simulator.baseUrl());
  }

  @AfterEach
  void stop() {
    client.close();
    simulator.close();
  }

  private void begin(Operation operation, FaultKind kind) {
    begin(operation, kind, Parameters.NONE);
  }

  private void begin(Operation operation, FaultKind kind, Parameters how) {
    faults.begin(FaultPlan.of(3, FaultRule.always(operation, kind).with(how)));
  }

  private static Parameters status(int status, @Nullable Duration retryAfter) {
    return new Parameters(Duration.ZERO, status, null, retryAfter, null);
  }

  private String ended(byte[] document, String name) throws Exception {
    String id = client.uploaded(document, name, configuration());
    assertThat(client.ended(id, "").at("/status").asText()).isEqualTo("COMPLETED");
    return id;
  }

  @ParameterizedTest
  @CsvSource({
    "402, You have exceeded the maximum number of credits for your plan.",
    "404, Job not found",
    "500, The simulator was told to answer 500",
    "503, The simulator was told to answer 503"
  })
  void refusesInTheProvidersShape(int status, String detail) throws Exception {
    begin(Operation.SUBMIT, FaultKind.STATUS, status(status, null));
    HttpResponse<String> refused = client.upload(TEXT, "a.txt", configuration());

    assertThat(refused.statusCode()).isEqualTo(status);
    assertThat(JSON.readTree(refused.body()).at("/detail").asText()).isEqualTo(detail);
    assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
    assertThat(JSON.readTree(client.get("/api/v2/parse").body()).at("/items")).isEmpty();
  }

  @Test
  void complainsAndLimitsAsTheProviderDoes() throws Exception {
    begin(Operation.SUBMIT, FaultKind.STATUS, status(422, null));
    HttpResponse<String> complaint = client.submit(configuration());
    begin(Operation.SUBMIT, FaultKind.STATUS, status(429, Duration.ofMillis(2_500)));
    HttpResponse<String> limited = client.submit(configuration());

    assertThat(complaint.statusCode()).isEqualTo(422);
    assertThat(JSON.readTree(complaint.body()).at("/detail/0/msg").asText())
        .isEqualTo("The simulator was told to refuse it");
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("Retry-After")).contains("3");
  }

  @Test
  void forgetsAJobThatItKnows() throws Exception {
    String id = ended(TEXT, "a.txt");
    begin(Operation.GET, FaultKind.STATUS, status(404, null));

    assertThat(client.get("/api/v2/parse/" + id).statusCode()).isEqualTo(404);
    assertThat(client.get("/api/v2/parse").statusCode()).isEqualTo(200);
  }

  @Test
  void losesTheAnswerToASubmissionThatItTook() throws Exception {
    begin(Operation.SUBMIT, FaultKind.RESET);

    assertThatThrownBy(() -> client.upload(TEXT, "a.txt", configuration()))
        .isInstanceOf(IOException.class);
    JsonNode jobs = JSON.readTree(client.get("/api/v2/parse").body()).at("/items");
    assertThat(jobs).hasSize(1);
    assertThat(client.ended(jobs.at("/0/id").asText(), "").at("/status").asText())
        .isEqualTo("COMPLETED");
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {"SUBMIT", "GET", "LIST", "DOWNLOAD"})
  void spoilsTheBodyOfEveryAnswer(Operation operation) throws Exception {
    String id = ended(TEXT, "a.txt");
    String url = url(id);
    String whole = call(operation, id, url).body();
    begin(operation, FaultKind.TRUNCATED);
    HttpResponse<String> half = call(operation, id, url);
    begin(operation, FaultKind.NOT_JSON);
    HttpResponse<String> words = call(operation, id, url);
    begin(operation, FaultKind.HTML);
    HttpResponse<String> page = call(operation, id, url);
    begin(operation, FaultKind.RESET);

    assertThat(half.statusCode()).isEqualTo(200);
    assertThat(half.body()).hasSizeLessThan(whole.length());
    assertThat(words.statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> JSON.readTree(words.body()))
        .isInstanceOf(JsonProcessingException.class);
    assertThat(page.statusCode()).isEqualTo(502);
    assertThat(page.body()).startsWith("<html>");
    assertThatThrownBy(() -> call(operation, id, url)).isInstanceOf(IOException.class);
  }

  private HttpResponse<String> call(Operation operation, String id, String url) throws Exception {
    return switch (operation) {
      case SUBMIT -> client.upload(TEXT, "a.txt", configuration());
      case GET -> client.get("/api/v2/parse/" + id);
      case LIST -> client.get("/api/v2/parse");
      case DOWNLOAD -> client.fetch(url);
      default -> throw new AssertionError(operation);
    };
  }

  @Test
  void showsAJobInAnotherStatus() throws Exception {
    String id = ended(TEXT, "a.txt");
    begin(Operation.GET, FaultKind.JOB_STATUS);
    JsonNode running = client.job(id, "markdown_content_metadata");
    begin(
        Operation.LIST,
        FaultKind.JOB_STATUS,
        new Parameters(Duration.ZERO, null, null, null, "THROTTLED"));
    JsonNode listed = JSON.readTree(client.get("/api/v2/parse").body());

    assertThat(running.at("/status").asText()).isEqualTo("RUNNING");
    assertThat(running.at("/job/status").asText()).isEqualTo("RUNNING");
    assertThat(running.has("markdown_content_metadata")).isFalse();
    assertThat(listed.at("/items/0/status").asText()).isEqualTo("THROTTLED");
    assertThat(client.job(id, "").at("/status").asText()).isEqualTo("COMPLETED");
  }

  @Test
  void losesAPage() throws Exception {
    String id = ended(SampleDocuments.insurancePolicy(), "p.pdf");
    JsonNode whole = client.job(id, "markdown");
    String url = url(id);
    String text = client.fetch(url).body();
    begin(Operation.DOWNLOAD, FaultKind.PARTIAL_PAGES);
    JsonNode partial = client.job(id, "markdown");
    List<JsonNode> failed = partial.at("/markdown/pages").findParents("error");

    assertThat(failed).hasSize(1);
    assertThat(failed.getFirst().at("/success").asBoolean()).isFalse();
    assertThat(failed.getFirst().has("markdown")).isFalse();
    assertThat(partial.at("/markdown/pages")).hasSameSizeAs(whole.at("/markdown/pages"));
    assertThat(client.fetch(url).body()).hasSizeLessThan(text.length());
  }

  @Test
  void forgetsAResult() throws Exception {
    String id = ended(TEXT, "a.txt");
    begin(Operation.DOWNLOAD, FaultKind.EXPIRED_RESULT);

    assertThat(client.get("/api/v2/parse/" + id + "?expand=markdown").statusCode()).isEqualTo(404);
    assertThat(client.job(id, "usage").at("/status").asText()).isEqualTo("COMPLETED");
  }

  @Test
  void givesAnAddressThatHasExpired() throws Exception {
    String url = url(ended(TEXT, "a.txt"));
    begin(Operation.DOWNLOAD, FaultKind.EXPIRED_RESULT);
    HttpResponse<String> expired = client.fetch(url);
    faults.begin(FaultPlan.NONE);

    assertThat(expired.statusCode()).isEqualTo(403);
    assertThat(expired.body()).contains("Request has expired");
    assertThat(client.fetch(url).body()).contains("Some text.");
  }

  @Test
  void answersASubmissionAfterItsCallbacks() throws Exception {
    begin(Operation.SUBMIT, FaultKind.EARLY);
    try (Receiver receiver = new Receiver()) {
      Map<String, Object> hook =
          Map.of("webhook_url", receiver.url(), "webhook_events", List.of("parse.success"));
      String id =
          client.uploaded(TEXT, "a.txt", configuration("webhook_configurations", List.of(hook)));

      assertThat(receiver.waiting()).isOne();
      assertThat(new String(receiver.next().body(), StandardCharsets.UTF_8)).contains(id);
    }
  }

  private String url(String id) throws Exception {
    return address(client.job(id, "markdown_content_metadata"));
  }

  private static String address(JsonNode job) {
    return job.at("/markdown_content_metadata/presigned_url").asText();
  }
}
