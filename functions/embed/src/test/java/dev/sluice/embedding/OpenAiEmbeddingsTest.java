package dev.sluice.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedding.EmbeddingAnswer.BadInput;
import dev.sluice.embedding.EmbeddingAnswer.Blocked;
import dev.sluice.embedding.EmbeddingAnswer.Malformed;
import dev.sluice.embedding.EmbeddingAnswer.Throttled;
import dev.sluice.embedding.EmbeddingAnswer.Unanswered;
import dev.sluice.embedding.EmbeddingAnswer.Unavailable;
import dev.sluice.embedding.EmbeddingAnswer.Vectors;
import dev.sluice.fixture.ScriptedProvider;
import dev.sluice.fixture.TickingClock;
import dev.sluice.localstack.TestServers;
import dev.sluice.postgres.RateLimits.PerMinute;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("servers")
class OpenAiEmbeddingsTest {
  private static ScriptedProvider provider;
  private static ApplicationContext context;
  private static OpenAiEmbeddings embeddings;

  @BeforeAll
  static void start() {
    var unused = TestServers.shared();
    provider = ScriptedProvider.start();
    context = clientOf(provider.url().toString(), "60s");
    embeddings = context.getBean(OpenAiEmbeddings.class);
  }

  static ApplicationContext clientOf(String url, String timeout) {
    return ApplicationContext.builder()
        .deduceEnvironment(false)
        .environments("fixture")
        .properties(
            Map.of(
                "sluice.openai-secret", "openai",
                "micronaut.http.services.openai.url", url,
                "micronaut.http.services.openai.request-timeout", timeout))
        .start();
  }

  @AfterAll
  static void stop() {
    context.close();
    provider.close();
  }

  @BeforeEach
  void forget() {
    provider.reset();
  }

  @Test
  void givesTheVectorsInTheTextsOrder() {
    assertThat(embeddings.embed(List.of("one", "twenty")).answer())
        .isInstanceOfSatisfying(
            Vectors.class,
            answer -> {
              assertThat(answer.vectors())
                  .usingElementComparator(Arrays::compare)
                  .containsExactly(
                      ScriptedProvider.vector("one"), ScriptedProvider.vector("twenty"));
              assertThat(answer.tokens()).isEqualTo(14);
              assertThat(answer.requestId()).isEqualTo("req_1");
            });
  }

  @Test
  void takesANewKeyWithinMinutes() {
    var keys = new CopyOnWriteArrayList<String>();
    var clock = context.getBean(TickingClock.class);
    try {
      for (var key : List.of("sk-old", "sk-new")) {
        provider.then(
            (exchange, texts) -> {
              keys.add(exchange.getRequestHeaders().getFirst("Authorization"));
              exchange.sendResponseHeaders(401, -1);
              exchange.close();
            });
        TestServers.shared().define("openai", "{\"api_key\": \"" + key + "\"}");
        clock.advance(Duration.ofMinutes(3));
        assertThat(embeddings.embed(List.of("a")).answer()).isInstanceOf(Blocked.class);
      }
    } finally {
      TestServers.shared().define("openai", "{\"api_key\": \"sk-local\"}");
    }
    assertThat(keys).containsExactly("Bearer sk-old", "Bearer sk-new");
  }

  @ParameterizedTest
  @CsvSource({"rate_limit_exceeded", "slow_down"})
  void aLimitIsToBeWaitedFor(String code) {
    provider.thenRefuse(429, code, "retry-after-ms", "250", "retry-after", "9");
    assertThat(embeddings.embed(List.of("a")).answer())
        .isInstanceOfSatisfying(
            Throttled.class,
            answer -> assertThat(answer.retryAfter()).isEqualTo(Duration.ofMillis(250)));
  }

  @ParameterizedTest
  @CsvSource({"9, 9", "0.5, 0.5", "-3, 0", "99999999, 3600", "soon, 1"})
  void readsRetryAfterInSecondsWithinBounds(String header, double seconds) {
    provider.thenRefuse(429, "slow_down", "retry-after", header);
    assertThat(embeddings.embed(List.of("a")).answer())
        .isInstanceOfSatisfying(
            Throttled.class,
            answer ->
                assertThat(answer.retryAfter())
                    .isEqualTo(Duration.ofMillis((long) (seconds * 1000))));
  }

  @Test
  void readsRetryAfterAsADate() {
    var clock = context.getBean(TickingClock.class);
    var date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            clock.instant().plusSeconds(30).atOffset(ZoneOffset.UTC));
    provider.thenRefuse(429, "slow_down", "retry-after", date);
    assertThat(embeddings.embed(List.of("a")).answer())
        .isInstanceOfSatisfying(
            Throttled.class,
            answer ->
                assertThat(answer.retryAfter())
                    .isBetween(Duration.ofSeconds(29), Duration.ofSeconds(30)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_usage_limit_exceeded"
      })
  void timeDoesNotHealAQuota(String code) {
    provider.thenRefuse(429, code);
    assertThat(embeddings.embed(List.of("a")).answer())
        .isInstanceOfSatisfying(
            Blocked.class, answer -> assertThat(answer.code()).isEqualTo("provider_" + code));
  }

  @ParameterizedTest
  @CsvSource({
    "401, invalid_api_key, provider_key",
    "403, forbidden, provider_key",
    "404, model_not_found, provider_model",
    "402, billing, provider_status_402",
    "405, method_not_allowed, provider_status_405",
    "410, gone, provider_status_410",
    "415, unsupported_media_type, provider_status_415"
  })
  void whatIsNoTextsFaultOnlyAPersonMends(int status, String code, String ours) {
    provider.thenRefuse(status, code);
    assertThat(embeddings.embed(List.of("a")).answer())
        .isInstanceOfSatisfying(Blocked.class, answer -> assertThat(answer.code()).isEqualTo(ours));
  }

  @ParameterizedTest
  @CsvSource({
    "400, max_tokens_per_request, true",
    "413, request_too_large, true",
    "400, invalid_input, false",
    "422, unprocessable, false"
  })
  void tellsTooMuchFromABadText(int status, String code, boolean tooLarge) {
    provider.thenRefuse(status, code);
    assertThat(embeddings.embed(List.of("a")).answer())
        .isInstanceOfSatisfying(
            BadInput.class, answer -> assertThat(answer.tooLarge()).isEqualTo(tooLarge));
  }

  @Test
  void readsTheLimitsBesideTheAnswer() {
    provider.thenRefuse(
        429,
        "slow_down",
        "x-ratelimit-limit-requests",
        "3000",
        "x-ratelimit-limit-tokens",
        "1000000",
        "x-ratelimit-remaining-requests",
        "0",
        "x-ratelimit-remaining-tokens",
        "none");
    assertThat(embeddings.embed(List.of("a")).rates())
        .isEqualTo(new RateHeaders(new PerMinute(3000.0, 1_000_000.0), new PerMinute(0.0, null)));
    assertThat(embeddings.embed(List.of("a")).rates()).isEqualTo(RateHeaders.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 500, 502, 503})
  void aServersTroubleIsAnOutage(int status) {
    provider.thenSay(status, "<html>oh</html>");
    assertThat(embeddings.embed(List.of("a")).answer()).isInstanceOf(Unavailable.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 504, 520, 522, 524})
  void aGatewaysTimeoutMayHaveBeenPaid(int status) {
    provider.thenSay(status, "<html>oh</html>");
    assertThat(embeddings.embed(List.of("a")).answer()).isInstanceOf(Unanswered.class);
  }

  @Test
  void anAddressWhereNobodyListensIsAnOutage() {
    try (var nowhere = clientOf("http://127.0.0.1:1", "60s")) {
      assertThat(nowhere.getBean(OpenAiEmbeddings.class).embed(List.of("a")).answer())
          .isInstanceOfSatisfying(
              Unavailable.class,
              answer -> assertThat(answer.code()).isEqualTo("provider_unreachable"));
    }
  }

  @Test
  void aHangUpMayHaveBeenPaid() {
    provider.thenHangUp();
    assertThat(embeddings.embed(List.of("a")).answer())
        .isEqualTo(new Unanswered("provider_silent", "The embedding provider did not answer."));
  }

  @Test
  void aSilenceMayHaveBeenPaid() {
    var timedOut = new java.util.concurrent.CountDownLatch(1);
    provider.thenAfter(
        () -> {
          try {
            timedOut.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try (var impatient = clientOf(provider.url().toString(), "1s")) {
      assertThat(impatient.getBean(OpenAiEmbeddings.class).embed(List.of("a")).answer())
          .isInstanceOf(Unanswered.class);
    } finally {
      timedOut.countDown();
    }
  }

  /** A byte in time satisfies a read timeout; the call as a whole has an end all the same. */
  @Test
  void anAnswerThatComesInDropsIsCutOff() {
    provider.then(
        (exchange, texts) -> {
          exchange.sendResponseHeaders(200, 0);
          try (var body = exchange.getResponseBody()) {
            for (var pace = new Semaphore(0); !pace.tryAcquire(100, TimeUnit.MILLISECONDS); ) {
              body.write(' ');
              body.flush();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try (var impatient = clientOf(provider.url().toString(), "1s")) {
      assertThat(impatient.getBean(OpenAiEmbeddings.class).embed(List.of("a")).answer())
          .isInstanceOf(Unanswered.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"not json", "{\"data\": [{\"index\": 0, \"emb"})
  void anAnswerThatIsNoJsonIsMalformed(String body) {
    provider.thenSay(200, body);
    assertThat(embeddings.embed(List.of("a")).answer()).isInstanceOf(Malformed.class);
  }

  @Test
  void refusesVectorsThatAreNotWhatWasAsked() {
    assertMalformed("[]", "the provider gave 0 vectors for 2 texts");
    assertMalformed(items(good(0), good(0)), "the provider's index 0 names no text or one twice");
    assertMalformed(items(good(0), good(2)), "the provider's index 2 names no text or one twice");
    assertMalformed(items(good(0), item(1, "AAAA")), "vector 1 has 3 bytes instead of 6144");
    assertMalformed(items(good(0), item(1, "#")), "vector 1 is not base64");
    assertMalformed(items(good(0), "{\"index\": 1}"), "vector 1 has 0 bytes instead of 6144");
    assertMalformed(items(good(0), item(1, base64(0))), "vector 1 is zero");
    assertMalformed(
        items(good(0), item(1, base64(Float.NaN))), "vector 1 has a component that is not finite");
    assertMalformed(
        items(good(0), item(1, base64(Float.POSITIVE_INFINITY))),
        "vector 1 has a component that is not finite");
  }

  private static void assertMalformed(String data, String message) {
    provider.thenSay(200, "{\"data\": " + data + ", \"usage\": {\"prompt_tokens\": 5}}");
    assertThat(embeddings.embed(List.of("a", "b")).answer())
        .isEqualTo(new Malformed("bad_vectors", message, 5));
  }

  private static String items(String... items) {
    return "[" + String.join(",", items) + "]";
  }

  private static String good(int index) {
    return item(index, base64(1));
  }

  private static String item(int index, String embedding) {
    return "{\"object\": \"embedding\", \"index\": "
        + index
        + ", \"embedding\": \""
        + embedding
        + "\"}";
  }

  private static String base64(float component) {
    var vector = new float[1536];
    vector[1535] = component;
    return ScriptedProvider.base64(vector);
  }

  @Test
  void roundsAPriceUp() {
    var price = new EmbeddingPrice(new java.math.BigDecimal("0.0201"));
    assertThat(price.nanoUsd(0)).isZero();
    assertThat(price.nanoUsd(1)).isEqualTo(21);
    assertThat(price.nanoUsd(1_000_000)).isEqualTo(20_100_000);
  }
}
