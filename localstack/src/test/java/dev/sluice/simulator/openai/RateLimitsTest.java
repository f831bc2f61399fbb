package dev.sluice.simulator.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.simulator.SetClock;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The limits of an account, asked for over HTTP, on a clock that stands still until it is moved.
 */
@SuppressWarnings("NullAway.Init")
final class RateLimitsTest {
  private static final String SMALL = "text-embedding-3-small";
  private static final String LARGE = "text-embedding-3-large";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final SetClock clock = new SetClock();
  private OpenAiSimulator simulator;

  @BeforeEach
  void start() throws Exception {
    simulator =
        OpenAiSimulator.start(
            OpenAiOptions.defaults().withLimits(new MinuteLimits(10, 1_000)).withClock(clock));
  }

  @AfterEach
  void stop() {
    simulator.close();
    http.close();
  }

  @Test
  void tellsWhatIsLeftInEveryAnswer() throws Exception {
    assertThat(embed(SMALL, "hello world").headers().map())
        .containsEntry("x-ratelimit-limit-requests", List.of("10"))
        .containsEntry("x-ratelimit-remaining-requests", List.of("9"))
        .containsEntry("x-ratelimit-reset-requests", List.of("6s"))
        .containsEntry("x-ratelimit-limit-tokens", List.of("1000"))
        .containsEntry("x-ratelimit-remaining-tokens", List.of("998"))
        .containsEntry("x-ratelimit-reset-tokens", List.of("120ms"))
        .doesNotContainKeys("retry-after", "retry-after-ms");
    assertThat(embed("none", "x").headers().map())
        .containsEntry("x-ratelimit-remaining-requests", List.of("9"));
    assertThat(embed(SMALL, "").headers().map())
        .containsEntry("x-ratelimit-remaining-tokens", List.of("998"));
  }

  @Test
  void refusesTheRequestAfterTheLastAndSaysWhenToComeBack() throws Exception {
    embedTimes(10);
    HttpResponse<String> refused = embed(SMALL, "a");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(error(refused).at("/code").asText()).isEqualTo("rate_limit_exceeded");
    assertThat(error(refused).at("/type").asText()).isEqualTo("requests");
    assertThat(error(refused).at("/message").asText())
        .isEqualTo(
            "Rate limit reached for text-embedding-3-small on requests per min:"
                + " Limit 10, Used 10, Requested 1. Please try again in 6s.");
    assertThat(refused.headers().map())
        .containsEntry("retry-after-ms", List.of("6000"))
        .containsEntry("retry-after", List.of("6"))
        .containsEntry("x-ratelimit-remaining-requests", List.of("0"))
        .containsEntry("x-ratelimit-reset-requests", List.of("1m0s"));
  }

  @Test
  void refusesTokensBeyondTheLimitAndChargesNothingForIt() throws Exception {
    assertThat(embed(SMALL, " word".repeat(900)).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = embed(SMALL, " word".repeat(125));

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(error(refused).at("/type").asText()).isEqualTo("tokens");
    assertThat(refused.headers().map())
        .containsEntry("retry-after-ms", List.of("1500"))
        .containsEntry("retry-after", List.of("2"))
        .containsEntry("x-ratelimit-remaining-tokens", List.of("100"))
        .containsEntry("x-ratelimit-remaining-requests", List.of("9"));
    assertThat(simulator.counters().tokens()).isEqualTo(900);
  }

  @Test
  void refillsSteadily() throws Exception {
    embedTimes(10);
    clock.advance(Duration.ofMillis(5_999));
    assertThat(embed(SMALL, "a").statusCode()).isEqualTo(429);
    clock.advance(Duration.ofMillis(1));
    assertThat(embed(SMALL, "a").statusCode()).isEqualTo(200);
    assertThat(embed(SMALL, "a").statusCode()).isEqualTo(429);
    clock.advance(Duration.ofHours(1));
    embedTimes(10);
    assertThat(embed(SMALL, "a").statusCode()).isEqualTo(429);
  }

  @Test
  void saysWhenARequestCanNeverFit() throws Exception {
    HttpResponse<String> refused = embed(SMALL, " word".repeat(1_001));

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(error(refused).at("/message").asText())
        .isEqualTo(
            "Request too large for text-embedding-3-small on tokens per min: Limit 1000, Requested"
                + " 1001. The input must be reduced in order to run successfully.");
  }

  @Test
  void countsEachModelOnItsOwn() throws Exception {
    embedTimes(10);

    assertThat(embed(SMALL, "a").statusCode()).isEqualTo(429);
    assertThat(embed(LARGE, "a").headers().map())
        .containsEntry("x-ratelimit-remaining-requests", List.of("9"));
  }

  @Test
  void changesTheLimitsOfARunningSimulator() throws Exception {
    simulator.limit(SMALL, new MinuteLimits(1, 50));

    assertThat(simulator.limits())
        .isEqualTo(Map.of(SMALL, new MinuteLimits(1, 50), LARGE, new MinuteLimits(10, 1_000)));
    assertThat(embed(SMALL, "a").statusCode()).isEqualTo(200);
    assertThat(embed(SMALL, "a").statusCode()).isEqualTo(429);
    assertThat(embed(LARGE, "a").statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> simulator.limit("gpt", new MinuteLimits(1, 1)))
        .hasMessage("there is no model gpt");
    assertThatThrownBy(() -> new MinuteLimits(0, 1))
        .hasMessage("a model must allow at least 1 request and 1 token a minute, not 0 and 1");
  }

  @Test
  void neverLetsMoreThroughHoweverManyAskAtOnce() throws Exception {
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      calls.add(() -> embed(SMALL, "a").statusCode());
    }
    List<Integer> statuses = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var call : threads.invokeAll(calls)) {
        statuses.add(call.get());
      }
    }

    assertThat(statuses).filteredOn(status -> status == 200).hasSize(10);
    assertThat(statuses).filteredOn(status -> status == 429).hasSize(30);
  }

  private void embedTimes(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      assertThat(embed(SMALL, "a").statusCode()).isEqualTo(200);
    }
  }

  private HttpResponse<String> embed(String model, String text) throws Exception {
    String body = JSON.writeValueAsString(Map.of("model", model, "input", text));
    return http.send(
        HttpRequest.newBuilder(simulator.baseUrl().resolve("/v1/embeddings"))
            .header("Authorization", "Bearer sk-local")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode error(HttpResponse<String> response) throws Exception {
    return JSON.readTree(response.body()).at("/error");
  }
}
