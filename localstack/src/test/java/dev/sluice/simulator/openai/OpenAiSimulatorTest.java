package dev.sluice.simulator.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.simulator.http.Reply;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenAiSimulatorTest {
  private static final String SMALL = "text-embedding-3-small";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private OpenAiSimulator simulator = start(OpenAiOptions.defaults());

  private static OpenAiSimulator start(OpenAiOptions options) {
    try {
      return OpenAiSimulator.start(options);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void restart(OpenAiOptions options) {
    simulator.close();
    simulator = start(options);
  }

  @BeforeEach
  void isOnLoopback() {
    assertThat(simulator.baseUrl().getHost()).isEqualTo("127.0.0.1");
  }

  @AfterEach
  void stop() {
    simulator.close();
    http.close();
  }

  @Test
  void answersInOrderWithBase64OfLittleEndianFloats() throws Exception {
    JsonNode reply =
        ok(Map.of("model", SMALL, "input", List.of("one", "two"), "encoding_format", "base64"));

    assertThat(reply.at("/object").asText()).isEqualTo("list");
    assertThat(reply.at("/model").asText()).isEqualTo(SMALL);
    assertThat(reply.at("/data/1/index").asInt()).isEqualTo(1);
    assertThat(reply.at("/data/0/embedding").asText()).hasSize(8192);
    assertThat(floats(reply.at("/data/1/embedding")))
        .containsExactly(new Embedder(1536, new Tokens()).embed("two", 1536));
  }

  @Test
  void givesTheSameVectorAsNumbers() throws Exception {
    JsonNode numbers = ok(Map.of("model", SMALL, "input", "one")).at("/data/0/embedding");
    JsonNode base64 =
        ok(Map.of("model", SMALL, "input", "one", "encoding_format", "base64"))
            .at("/data/0/embedding");

    float[] expected = floats(base64);
    assertThat(numbers).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(numbers.get(i).floatValue()).isEqualTo(expected[i]);
    }
  }

  @Test
  void shortensVectorsOnRequest() throws Exception {
    assertThat(ok(Map.of("model", SMALL, "input", "a", "dimensions", 256)).at("/data/0/embedding"))
        .hasSize(256);
    assertThat(ok(Map.of("model", "text-embedding-3-large", "input", "a")).at("/data/0/embedding"))
        .hasSize(3072);
  }

  @Test
  void countsTokensAsTheProviderDoes() throws Exception {
    JsonNode reply =
        ok(Map.of("model", SMALL, "input", List.of("hello world", "tiktoken is great!")));

    assertThat(reply.at("/usage/prompt_tokens").asInt()).isEqualTo(2 + 6);
    assertThat(reply.at("/usage/total_tokens").asInt()).isEqualTo(8);
    assertThat(simulator.counters()).isEqualTo(new OpenAiSimulator.Counters(1, 1, 2, 8));
  }

  @Test
  void takesTokensInPlaceOfText() throws Exception {
    Map<String, Object> tokens = Map.of("model", SMALL, "input", List.of(List.of(15339, 1917)));

    assertThat(ok(tokens).at("/data"))
        .isEqualTo(ok(Map.of("model", SMALL, "input", "hello world")).at("/data"));
    assertThat(ok(Map.of("model", SMALL, "input", List.of(15339, 1917))).at("/data"))
        .isEqualTo(ok(tokens).at("/data"));
  }

  @Test
  void tellsAnIdInHeaders() throws Exception {
    assertThat(post(Map.of("model", SMALL, "input", "a")).headers().map())
        .containsKeys("x-request-id", "openai-processing-ms");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"model":"text-embedding-3-small","input":""}                     | 400 | input           |
          {"model":"text-embedding-3-small","input":["a",""]}               | 400 | input           |
          {"model":"text-embedding-3-small","input":[]}                     | 400 | input           |
          {"model":"text-embedding-3-small","input":{"a":1}}                | 400 | input           |
          {"model":"text-embedding-3-small","input":[true]}                 | 400 | input           |
          {"model":"text-embedding-3-small","input":[1,"a"]}                | 400 | input           |
          {"model":"text-embedding-3-small"}                                | 400 | input           |
          {"model":"text-embedding-3-small","input":"a","dimensions":1537}  | 400 | dimensions      |
          {"model":"text-embedding-3-small","input":"a","encoding_format":"x"} | 400 | encoding_format |
          {"model":"gpt","input":"a"}                                       | 404 |                 | model_not_found
          {"input":"a"}                                                     | 400 |                 |
          {"model":                                                         | 400 |                 |
          [1]                                                               | 400 |                 |
          """)
  void refusesWhatIsWrongInTheProvidersShape(String body, int status, String param, String code)
      throws Exception {
    HttpResponse<String> response = post(body);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(error(response).at("/message").asText()).isNotEmpty();
    assertThat(error(response).at("/type").asText()).isEqualTo("invalid_request_error");
    assertThat(error(response).at("/param").asText(null)).isEqualTo(param);
    assertThat(error(response).at("/code").asText(null)).isEqualTo(code);
  }

  @Test
  void refusesTooLongAnInputTooManyInputsAndTooManyTokens() throws Exception {
    String long8192 = " word".repeat(8192);

    assertThat(post(Map.of("model", SMALL, "input", long8192)).statusCode()).isEqualTo(200);
    assertThat(error(post(Map.of("model", SMALL, "input", long8192 + " word"))).toString())
        .contains("maximum input length is 8192 tokens");
    assertThat(
            error(post(Map.of("model", SMALL, "input", Collections.nCopies(2049, "a")))).toString())
        .contains("at most 2048");
    HttpResponse<String> tokens =
        post(Map.of("model", SMALL, "input", Collections.nCopies(37, long8192)));
    assertThat(error(tokens).at("/code").asText()).isEqualTo("max_tokens_per_request");
  }

  @Test
  void wantsAKnownKey() throws Exception {
    assertThat(send(request("/v1/models").GET().build()).statusCode()).isEqualTo(401);
    HttpResponse<String> wrong =
        send(request("/v1/models").header("Authorization", "Bearer sk-x").GET().build());

    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(error(wrong).at("/code").asText()).isEqualTo("invalid_api_key");
  }

  @Test
  void listsItsModels() throws Exception {
    HttpResponse<String> models =
        send(request("/v1/models").header("Authorization", "Bearer sk-local").GET().build());

    assertThat(JSON.readTree(models.body()).findValuesAsText("id"))
        .containsExactly(SMALL, "text-embedding-3-large");
    assertThat(
            send(request("/v1/x").header("Authorization", "Bearer sk-local").GET().build())
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void letsABehaviourAnswerInItsPlace() throws Exception {
    restart(
        OpenAiOptions.defaults()
            .withBehaviour(request -> Optional.of(Reply.text(503, "overloaded"))));

    assertThat(post(Map.of("model", SMALL, "input", "a")).statusCode()).isEqualTo(503);
    assertThat(simulator.counters().embeddings()).isZero();
  }

  private JsonNode ok(Map<String, Object> body) throws Exception {
    HttpResponse<String> response = post(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static JsonNode error(HttpResponse<String> response) throws Exception {
    return JSON.readTree(response.body()).at("/error");
  }

  private HttpResponse<String> post(Map<String, Object> body) throws Exception {
    return post(JSON.writeValueAsString(body));
  }

  private HttpResponse<String> post(String body) throws Exception {
    return send(
        request("/v1/embeddings")
            .header("Authorization", "Bearer sk-local")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(simulator.baseUrl().resolve(path));
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static float[] floats(JsonNode base64) {
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64.asText())).order(ByteOrder.LITTLE_ENDIAN);
    float[] floats = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }
}
