package dev.sluice.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedding.EmbeddingAnswer.Malformed;
import dev.sluice.embedding.EmbeddingAnswer.Throttled;
import dev.sluice.embedding.EmbeddingAnswer.Vectors;
import dev.sluice.fixture.Mutilated;
import dev.sluice.fixture.ScriptedProvider;
import dev.sluice.localstack.TestServers;
import dev.sluice.postgres.RateLimits.PerMinute;
import io.micronaut.core.convert.ConversionService;
import io.micronaut.http.simple.SimpleHttpHeaders;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever the provider answers: vectors that may be stored, or a failure with its code. */
class MutilatedAnswersTest {
  private static final long SEED = 20_261_124;
  private static final int MANY = 100_000;
  private static final int DIMENSIONS = 2;
  private static final long MOST_TOKENS = 10_000_000;
  private static final ObjectMapper JSON = ObjectMapper.getDefault();

  private static final String REPLY =
      """
      {"object":"list","data":[{"object":"embedding","index":1,"embedding":"AACAPwAAAD8="},\
      {"object":"embedding","index":0,"embedding":"AAAAPwAAgL8="}],\
      "model":"text-embedding-3-small","usage":{"prompt_tokens":14,"total_tokens":14}}\
      """;

  private static final String ERROR =
      """
      {"error":{"message":"Rate limit reached","type":"requests","param":null,\
      "code":"rate_limit_exceeded"}}\
      """;

  private static final Refusals REFUSALS = new Refusals(Clock.systemUTC());

  @Test
  void everyOneOfAHundredThousandIsVectorsOrMalformed() {
    var decoder = new VectorDecoder(DIMENSIONS);
    var bodies = new Mutilated(SEED, REPLY);
    int vectors = 0;
    for (int at = 0; at < MANY; at++) {
      var reply = read(bodies.next(), EmbeddingsReply.class);
      if (reply.isPresent()) {
        vectors += areVectors(decoder.decode(reply.get(), 2, "r-1")) ? 1 : 0;
      }
    }
    assertThat(vectors).as("answers that were still good").isBetween(100, MANY / 2);
  }

  private static boolean areVectors(EmbeddingAnswer answer) {
    return switch (answer) {
      case Vectors(var vectors, long tokens, var requestId) -> {
        assertThat(tokens).isBetween(0L, MOST_TOKENS);
        for (float[] vector : vectors) {
          assertThat(vector).hasSize(DIMENSIONS);
          assertThat(Float.isFinite(vector[0] + vector[1])).isTrue();
        }
        yield true;
      }
      case Malformed(var code, var message, long tokens) -> {
        assertThat(tokens).isBetween(0L, MOST_TOKENS);
        assertThat(message).doesNotContain("\u0000");
        yield false;
      }
      default -> throw new AssertionError(answer);
    };
  }

  @Test
  void everyOneOfAHundredThousandRefusalsHasACodeThatARowCanHold() {
    var bodies = new Mutilated(SEED, ERROR);
    var headers = new Mutilated(SEED + 1, "250");
    int throttled = 0;
    for (int at = 0; at < MANY; at++) {
      var code = read(bodies.next(), ErrorReply.class).map(ErrorReply::code).orElse(null);
      var failure =
          REFUSALS.of(
              at % 3 == 0 ? 400 : 429, code, headers(Map.of("retry-after", printable(headers))));
      assertThat(failure.code()).matches("[a-z0-9_.-]{1,80}");
      if (failure instanceof Throttled limited) {
        assertThat(limited.retryAfter()).isBetween(Duration.ZERO, Duration.ofHours(1));
        throttled++;
      }
    }
    assertThat(throttled).isBetween(100, MANY);
  }

  @Test
  void everyOneOfAHundredThousandLimitsIsOneToReckonWithOrUnknown() {
    var values = new Mutilated(SEED, "\"10000\" \"6m0s\" 149.5");
    for (int at = 0; at < MANY; at++) {
      var told =
          RateHeaders.of(
              headers(
                  Map.of(
                      "x-ratelimit-limit-requests", printable(values),
                      "x-ratelimit-remaining-tokens", printable(values))));
      assertThat(numbers(told.limits())).allSatisfy(limit -> assertThat(limit).isBetween(0.0, 1e9));
      assertThat(numbers(told.left())).allSatisfy(left -> assertThat(left).isBetween(0.0, 1e9));
    }
  }

  @Test
  @Tag("servers")
  void theClientThrowsAtNoneOfThem() {
    var unused = TestServers.shared();
    try (var provider = ScriptedProvider.start();
        var context = OpenAiEmbeddingsTest.clientOf(provider.url().toString(), "60s")) {
      var client = context.getBean(OpenAiEmbeddings.class);
      var replies = new Mutilated(SEED, REPLY);
      var errors = new Mutilated(SEED, ERROR);
      for (int at = 0; at < 200; at++) {
        provider.thenSay(200, text(replies)).thenSay(at % 2 == 0 ? 400 : 429, text(errors));
        assertThat(client.embed(List.of("a", "b")).answer()).isInstanceOf(Malformed.class);
        assertThat(client.embed(List.of("a", "b")).answer())
            .isInstanceOf(EmbeddingAnswer.Failure.class);
      }
    }
  }

  private static <T> Optional<T> read(byte[] body, Class<T> type) {
    try {
      return Optional.ofNullable(JSON.readValue(body, type));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<Double> numbers(PerMinute told) {
    var numbers = new ArrayList<Double>();
    Stream.<@Nullable Double>of(told.requests(), told.tokens())
        .filter(number -> number != null)
        .forEach(numbers::add);
    return numbers;
  }

  private static SimpleHttpHeaders headers(Map<String, String> headers) {
    return new SimpleHttpHeaders(headers, ConversionService.SHARED);
  }

  private static String text(Mutilated bodies) {
    return new String(bodies.next(), StandardCharsets.UTF_8);
  }

  private static String printable(Mutilated values) {
    return new String(values.next(), StandardCharsets.ISO_8859_1).replaceAll("[^!-~]", "?");
  }
}
