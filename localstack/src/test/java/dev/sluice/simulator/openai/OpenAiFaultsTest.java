package dev.sluice.simulator.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.simulator.SetTimer;
import dev.sluice.simulator.fault.FaultKind;
import dev.sluice.simulator.fault.FaultPlan;
import dev.sluice.simulator.fault.FaultRule;
import dev.sluice.simulator.fault.Faults;
import dev.sluice.simulator.fault.Operation;
import dev.sluice.simulator.fault.Parameters;
import dev.sluice.simulator.fault.Selection;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each fault of the embeddings API, seen by a client over HTTP. */
@SuppressWarnings("NullAway.Init")
final class OpenAiFaultsTest {
  private static final List<String> TEXTS = List.of("one", "two", "three", "four", "five");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final SetTimer timer = new SetTimer();
  private final Faults faults = new Faults(timer);
  private OpenAiSimulator simulator;

  @BeforeEach
  void start() throws Exception {
    simulator = OpenAiSimulator.start(OpenAiOptions.defaults().withFaults(faults));
  }

  @AfterEach
  void stop() {
    simulator.close();
    http.close();
  }

  private void begin(FaultKind kind, Parameters how) {
    faults.begin(FaultPlan.of(9, FaultRule.always(Operation.EMBEDDINGS, kind).with(how)));
  }

  private static Parameters error(
      @Nullable Integer status, @Nullable String code, @Nullable Duration retryAfter) {
    return new Parameters(Duration.ZERO, status, code, retryAfter, null);
  }

  @Test
  void holdsAnAnswerBackForAsLongAsItWasTold() throws Exception {
    begin(FaultKind.LATENCY, new Parameters(Duration.ofSeconds(7), null, null, null, null));
    CompletableFuture<HttpResponse<String>> answer = ask();

    assertThat(timer.awaitWaiting()).isEqualTo(Duration.ofSeconds(7));
    timer.advance(Duration.ofMillis(6_999));
    assertThat(answer).isNotDone();
    timer.advance(Duration.ofMillis(1));
    assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void hangsUntilThePlanIsReplaced() throws Exception {
    begin(FaultKind.HANG, Parameters.NONE);
    CompletableFuture<HttpResponse<String>> answer = ask();
    Awaitility.await().until(() -> !faults.log().decisions().isEmpty());

    assertThat(answer).isNotDone();
    faults.begin(FaultPlan.NONE);
    assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void cutsTheConnectionInTheMiddleOfAnAnswerThatWasPaidFor() {
    begin(FaultKind.RESET, Parameters.NONE);

    assertThatThrownBy(this::post).isInstanceOf(IOException.class);
    assertThat(simulator.counters().tokens()).isEqualTo(TEXTS.size());
  }

  @Test
  void sendsHalfABodyAsIfItWereWhole() throws Exception {
    HttpResponse<String> good = post();
    begin(FaultKind.TRUNCATED, Parameters.NONE);
    HttpResponse<String> half = post();

    assertThat(half.statusCode()).isEqualTo(200);
    assertThat(good.body()).startsWith(half.body());
    assertThat(half.body()).hasSize(good.body().length() / 2);
    assertThatThrownBy(() -> JSON.readTree(half.body()))
        .isInstanceOf(JsonProcessingException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "429, rate_limit_exceeded, 429, rate_limit_exceeded, requests",
    "429,                    , 429, rate_limit_exceeded, requests",
    "   , insufficient_quota , 429, insufficient_quota, insufficient_quota",
    "   , slow_down          , 503, slow_down, server_error",
    "500,                    , 500, , server_error",
    "503,                    , 503, , server_error",
    "401,                    , 401, invalid_api_key, invalid_request_error",
    "   , max_tokens_per_request, 400, max_tokens_per_request, max_tokens_per_request",
  })
  void refusesInTheProvidersShapeAndChargesNothing(
      @Nullable Integer status,
      @Nullable String code,
      int answered,
      @Nullable String answeredCode,
      String type)
      throws Exception {
    begin(FaultKind.STATUS, error(status, code, null));
    HttpResponse<String> response = post();

    assertThat(response.statusCode()).isEqualTo(answered);
    JsonNode error = JSON.readTree(response.body()).at("/error");
    assertThat(error.at("/code").asText(null)).isEqualTo(answeredCode);
    assertThat(error.at("/type").asText()).isEqualTo(type);
    assertThat(error.at("/message").asText()).isNotEmpty();
    assertThat(response.headers().map())
        .containsKeys("x-ratelimit-remaining-tokens", "x-request-id")
        .doesNotContainKey("retry-after");
    assertThat(simulator.counters().embeddings()).isZero();
  }

  @Test
  void saysWhenToComeBackIfItWasTold() throws Exception {
    begin(FaultKind.STATUS, error(429, null, Duration.ofMillis(1_200)));

    assertThat(post().headers().map())
        .containsEntry("retry-after-ms", List.of("1200"))
        .containsEntry("retry-after", List.of("2"));
  }

  @Test
  void answersWithWhatIsNoJson() throws Exception {
    begin(FaultKind.NOT_JSON, Parameters.NONE);
    HttpResponse<String> words = post();
    begin(FaultKind.HTML, Parameters.NONE);
    HttpResponse<String> page = post();
    begin(FaultKind.HTML, error(200, null, null));

    assertThat(words.statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> JSON.readTree(words.body()))
        .isInstanceOf(JsonProcessingException.class);
    assertThat(page.statusCode()).isEqualTo(502);
    assertThat(page.headers().firstValue("content-type")).contains("text/html");
    assertThat(page.body()).startsWith("<html>");
    assertThat(post().statusCode()).isEqualTo(200);
  }

  @Test
  void leavesAVectorOut() throws Exception {
    assertThat(data(FaultKind.WRONG_COUNT)).hasSize(4);
  }

  @Test
  void mixesTheOrderWithRightIndices() throws Exception {
    List<float[]> good = vectors(good());
    JsonNode mixed = data(FaultKind.WRONG_ORDER);

    assertThat(indices(mixed)).containsExactly(4, 3, 2, 1, 0);
    for (JsonNode item : mixed) {
      assertThat(floats(item)).containsExactly(good.get(item.at("/index").asInt()));
    }
  }

  @Test
  void givesAnIndexTwice() throws Exception {
    List<Integer> indices = indices(data(FaultKind.DUPLICATE_INDEX));

    assertThat(indices).hasSize(5);
    assertThat(new HashSet<>(indices)).hasSize(4);
  }

  @Test
  void spoilsOneVectorAndNoOther() throws Exception {
    assertThat(spoilt(FaultKind.WRONG_DIMENSIONS)).hasSize(1_535);
    assertThat(spoilt(FaultKind.ZERO_VECTOR)).hasSize(1_536).containsOnly(0);
    assertThat(numbers(spoilt(FaultKind.NAN)).filter(Double::isNaN).count()).isOne();
    assertThat(numbers(spoilt(FaultKind.INFINITY)).filter(Double::isInfinite).count()).isOne();
  }

  @Test
  void givesTheSameDecisionsAndAnswersWhenAPlanIsReplayed() throws Exception {
    FaultPlan plan =
        FaultPlan.of(
            77,
            rule(FaultKind.STATUS),
            rule(FaultKind.NAN),
            rule(FaultKind.WRONG_COUNT),
            rule(FaultKind.RESET));
    faults.begin(plan);
    List<String> first = outcomes(60);
    var log = faults.log();
    faults.begin(plan);

    assertThat(outcomes(60)).isEqualTo(first);
    assertThat(faults.log()).isEqualTo(log);
    assertThat(log.decisions()).hasSize(60).extracting("fault").contains("status", "nan", "reset");
    assertThat(new HashSet<>(first)).hasSizeGreaterThan(10);
  }

  private static FaultRule rule(FaultKind kind) {
    return FaultRule.always(Operation.EMBEDDINGS, kind).with(new Selection(0.2, 1, 0, 0, 0));
  }

  private List<String> outcomes(int calls) {
    return IntStream.range(0, calls).mapToObj(i -> outcome()).toList();
  }

  private String outcome() {
    try {
      HttpResponse<String> response = post();
      return response.statusCode() + " " + response.body().hashCode();
    } catch (IOException e) {
      return "cut";
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void changesNothingByDefault() throws Exception {
    assertThat(indices(good())).containsExactly(0, 1, 2, 3, 4);
    assertThat(faults.log().decisions()).isEmpty();
  }

  /** The one vector of the answer that is not as it should be. */
  private float[] spoilt(FaultKind kind) throws Exception {
    List<float[]> good = vectors(good());
    List<float[]> spoilt = vectors(data(kind));
    assertThat(spoilt).hasSize(5);
    List<float[]> different =
        IntStream.range(0, 5)
            .filter(i -> !Arrays.equals(good.get(i), spoilt.get(i)))
            .mapToObj(spoilt::get)
            .toList();
    assertThat(different).hasSize(1);
    return different.getFirst();
  }

  private static DoubleStream numbers(float[] vector) {
    return IntStream.range(0, vector.length).mapToDouble(i -> vector[i]);
  }

  private JsonNode good() throws Exception {
    faults.begin(FaultPlan.NONE);
    return JSON.readTree(post().body()).at("/data");
  }

  private JsonNode data(FaultKind kind) throws Exception {
    begin(kind, Parameters.NONE);
    HttpResponse<String> response = post();
    assertThat(response.statusCode()).isEqualTo(200);
    return JSON.readTree(response.body()).at("/data");
  }

  private static List<Integer> indices(JsonNode data) {
    List<Integer> indices = new ArrayList<>();
    data.forEach(item -> indices.add(item.at("/index").asInt()));
    return indices;
  }

  private static List<float[]> vectors(JsonNode data) {
    List<float[]> vectors = new ArrayList<>();
    data.forEach(item -> vectors.add(floats(item)));
    return vectors;
  }

  private static float[] floats(JsonNode item) {
    byte[] decoded = Base64.getDecoder().decode(item.at("/embedding").asText());
    ByteBuffer bytes = ByteBuffer.wrap(decoded).order(ByteOrder.LITTLE_ENDIAN);
    float[] floats = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }

  private HttpResponse<String> post() throws IOException, InterruptedException {
    return http.send(request(), HttpResponse.BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> ask() {
    return http.sendAsync(request(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request() {
    try {
      String body =
          JSON.writeValueAsString(
              Map.of(
                  "model", "text-embedding-3-small", "input", TEXTS, "encoding_format", "base64"));
      return HttpRequest.newBuilder(simulator.baseUrl().resolve("/v1/embeddings"))
          .header("Authorization", "Bearer sk-local")
          .POST(HttpRequest.BodyPublishers.ofString(body))
          .build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
