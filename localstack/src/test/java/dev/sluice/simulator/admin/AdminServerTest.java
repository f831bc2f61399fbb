package dev.sluice.simulator.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.simulator.SetTimer;
import dev.sluice.simulator.fault.FaultPlan;
import dev.sluice.simulator.fault.Faults;
import dev.sluice.simulator.openai.MinuteLimits;
import dev.sluice.simulator.openai.OpenAiOptions;
import dev.sluice.simulator.openai.OpenAiSimulator;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init")
final class AdminServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVERY_SECOND =
      """
      {"seed":11,"rules":[{"provider":"openai","operation":"embeddings","fault":"status",\
      "every":2,"status":503}]}\
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Faults faults = new Faults(new SetTimer());
  private OpenAiSimulator openAi;
  private AdminServer admin;

  @BeforeEach
  void start() throws Exception {
    openAi = OpenAiSimulator.start(OpenAiOptions.defaults().withFaults(faults));
    admin = AdminServer.start(0, faults, Optional.of(openAi));
  }

  @AfterEach
  void stop() {
    admin.close();
    openAi.close();
    http.close();
  }

  @Test
  void listensOnThisMachineAlone() {
    assertThat(admin.baseUrl().getHost()).isEqualTo("127.0.0.1");
  }

  @Test
  void setsShowsAndEndsAPlan() throws Exception {
    assertThat(call("GET", "/admin/faults", "").body()).isEqualTo("{\"seed\":0,\"rules\":[]}");
    HttpResponse<String> set = call("PUT", "/admin/faults", EVERY_SECOND);

    assertThat(set.statusCode()).isEqualTo(200);
    assertThat(set.body()).isEqualTo(EVERY_SECOND);
    assertThat(call("GET", "/admin/faults", "").body()).isEqualTo(EVERY_SECOND);
    assertThat(embed()).isEqualTo(200);
    assertThat(embed()).isEqualTo(503);
    assertThat(call("DELETE", "/admin/faults", "").statusCode()).isEqualTo(204);
    assertThat(embed()).isEqualTo(200);
    assertThat(embed()).isEqualTo(200);
    assertThat(faults.plan()).isEqualTo(FaultPlan.NONE);
  }

  @Test
  void tellsWhatWasDecidedAndTheSameAgainWhenAPlanIsReplayed() throws Exception {
    String plan = EVERY_SECOND.replace("\"every\":2", "\"rate\":0.5");
    assertThat(call("PUT", "/admin/faults", plan).statusCode()).isEqualTo(200);
    for (int i = 0; i < 20; i++) {
      assertThat(embed()).isIn(200, 503);
    }
    String log = call("GET", "/admin/faults/log", "").body();
    assertThat(call("PUT", "/admin/faults", plan).statusCode()).isEqualTo(200);
    assertThat(call("GET", "/admin/faults/log", "").body())
        .isEqualTo("{\"seed\":11,\"forgotten\":0,\"decisions\":[]}");
    for (int i = 0; i < 20; i++) {
      assertThat(embed()).isIn(200, 503);
    }

    assertThat(call("GET", "/admin/faults/log", "").body()).isEqualTo(log);
    JsonNode decisions = JSON.readTree(log).at("/decisions");
    assertThat(decisions).hasSize(20);
    assertThat(decisions.findValuesAsText("fault")).hasSizeBetween(3, 17).containsOnly("status");
  }

  @Test
  void refusesABadPlanAndKeepsTheOneThatRuns() throws Exception {
    assertThat(call("PUT", "/admin/faults", EVERY_SECOND).statusCode()).isEqualTo(200);
    HttpResponse<String> refused =
        call("PUT", "/admin/faults", EVERY_SECOND.replace("\"every\":2", "\"rate\":2"));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = JSON.readTree(refused.body());
    assertThat(problem.at("/field").asText()).isEqualTo("rules[0].rate");
    assertThat(problem.at("/code").asText()).isEqualTo("bad_plan");
    assertThat(problem.at("/detail").asText())
        .isEqualTo("rules[0].rate must be a number from 0 to 1");
    assertThat(call("GET", "/admin/faults", "").body()).isEqualTo(EVERY_SECOND);
  }

  @Test
  void changesTheLimitsOfTheModelsThatAreNamed() throws Exception {
    HttpResponse<String> set =
        call(
            "PUT",
            "/admin/limits",
            """
            {"limits":[{"model":"text-embedding-3-small","requests_per_minute":1,\
            "tokens_per_minute":50}]}\
            """);

    assertThat(set.statusCode()).isEqualTo(200);
    assertThat(set.body())
        .isEqualTo(
            """
            {"limits":[{"model":"text-embedding-3-small","requests_per_minute":1,\
            "tokens_per_minute":50},{"model":"text-embedding-3-large",\
            "requests_per_minute":10000,"tokens_per_minute":10000000}]}\
            """);
    assertThat(call("GET", "/admin/limits", "").body()).isEqualTo(set.body());
    assertThat(openAi.limits()).containsEntry("text-embedding-3-small", new MinuteLimits(1, 50));
    assertThat(embed()).isEqualTo(200);
    assertThat(embed()).isEqualTo(429);
  }

  @Test
  void refusesBadLimitsByTheirField() throws Exception {
    assertThat(field("{}")).isEqualTo("limits");
    assertThat(field("[")).isEqualTo("limits");
    assertThat(field("{\"limits\":[{\"model\":\"gpt\"}]}")).isEqualTo("limits[0].model");
    assertThat(field("{\"limits\":[{\"model\":\"text-embedding-3-small\"}]}"))
        .isEqualTo("limits[0].requests_per_minute");
    assertThat(
            field(
                "{\"limits\":[{\"model\":\"text-embedding-3-small\",\"requests_per_minute\":1,"
                    + "\"tokens_per_minute\":0}]}"))
        .isEqualTo("limits[0].tokens_per_minute");
  }

  private String field(String limits) throws Exception {
    HttpResponse<String> refused = call("PUT", "/admin/limits", limits);
    assertThat(refused.statusCode()).isEqualTo(400);
    return JSON.readTree(refused.body()).at("/field").asText();
  }

  @Test
  void knowsNoOtherRoutesAndMethods() throws Exception {
    assertThat(call("GET", "/admin", "").statusCode()).isEqualTo(404);
    assertThat(call("POST", "/admin/faults", "{}").statusCode()).isEqualTo(405);
    assertThat(call("PUT", "/admin/faults/log", "{}").statusCode()).isEqualTo(405);
  }

  private int embed() throws Exception {
    return http.send(
            HttpRequest.newBuilder(openAi.baseUrl().resolve("/v1/embeddings"))
                .header("Authorization", "Bearer sk-local")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"text-embedding-3-small\",\"input\":\"a\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  private HttpResponse<String> call(String method, String path, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(admin.baseUrl().resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
