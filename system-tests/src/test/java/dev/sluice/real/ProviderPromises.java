package dev.sluice.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.localstack.real.Cap;
import dev.sluice.localstack.real.Meter;
import dev.sluice.localstack.real.MeteringProxy;
import dev.sluice.localstack.real.Provider;
import dev.sluice.localstack.real.RealService;
import dev.sluice.samples.SampleDocuments;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * What our clients rely on. All calls go through the metering proxy; together they cost one page
 * and a few dozen tokens.
 */
abstract class ProviderPromises {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Cap CAP = Cap.parse("parses=1,tokens=100,usd=0.05");
  private static final int DIMENSIONS = 1536;
  private static final Duration LONGEST_PARSE = Duration.ofMinutes(5);

  private final HttpClient http = HttpClient.newHttpClient();
  @TempDir private Path folder;
  private Provider provider;
  private RealService service;
  private MeteringProxy proxy;

  /** The provider to ask, or nothing if that is not possible. */
  abstract Optional<RealService> find(Provider asked);

  @BeforeEach
  void start(TestInfo test) throws IOException {
    boolean embeddings = test.getTestMethod().orElseThrow().getName().startsWith("openAi");
    provider = embeddings ? Provider.OPENAI : Provider.LLAMAPARSE;
    assumeThat(find(provider)).as(provider.keyVariable() + " is set").isPresent();
    service = find(provider).orElseThrow();
    proxy = MeteringProxy.start(0, provider, service.baseUrl(), Meter.open(folder, CAP), folder);
  }

  @AfterEach
  void stop() {
    if (proxy != null) {
      proxy.close();
    }
    http.shutdownNow();
  }

  @Test
  void openAiGivesVectorsInTheOrderOfTheirTexts() throws Exception {
    var answer = embed("[\"a burst pipe\", \"the moon\", \"a burst pipe\"]", "base64");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var reply = JSON.readTree(answer.body());
    assertThat(reply.path("data")).hasSize(3);
    var vectors = new FloatBuffer[3];
    for (var item : reply.path("data")) {
      vectors[item.path("index").asInt()] = decoded(item.path("embedding").asText());
    }
    assertThat(similarity(vectors[0], vectors[2])).isCloseTo(1, within(0.001));
    assertThat(similarity(vectors[0], vectors[1])).isLessThan(0.9);
    assertThat(reply.path("usage").path("total_tokens").asInt()).isBetween(6, 20);
    assertThat(answer.headers().map())
        .containsKeys(
            "x-request-id",
            "x-ratelimit-limit-requests",
            "x-ratelimit-limit-tokens",
            "x-ratelimit-remaining-tokens",
            "x-ratelimit-reset-tokens");
  }

  @Test
  void openAiMeansTheSameByBase64AndByNumbers() throws Exception {
    var numbers = vector(embed("\"storm\"", "float"));
    var packed = decoded(vector(embed("\"storm\"", "base64")).asText());
    assertThat(numbers).hasSize(DIMENSIONS);
    for (int i = 0; i < DIMENSIONS; i++) {
      assertThat((double) packed.get(i)).isCloseTo(numbers.get(i).asDouble(), within(0.001));
    }
  }

  @Test
  void openAiSaysWhatIsWrongWithAKeyAndWithAText() throws Exception {
    var wrongKey = send(post("/v1/embeddings", "sk-wrong", question("\"a\"", "base64")));
    assertThat(wrongKey.statusCode()).isEqualTo(401);
    assertThat(JSON.readTree(wrongKey.body()).at("/error/code").asText())
        .isEqualTo("invalid_api_key");
    var empty = embed("[\"a\", \"\"]", "base64");
    assertThat(empty.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(empty.body()).at("/error/type").asText())
        .isEqualTo("invalid_request_error");
  }

  @Test
  void llamaParseReadsAnUploadAndTellsWhenItIsAsked() throws Exception {
    var submitted =
        upload(
            "{\"tier\": \"cost_effective\", \"version\": \"latest\", \"user_metadata\":"
                + " {\"job_id\": \"j-1\"}}");
    assertThat(submitted.statusCode()).as(submitted.body()).isEqualTo(200);
    var id = job(JSON.readTree(submitted.body())).path("id").asText();

    var finished =
        await()
            .atMost(LONGEST_PARSE)
            .pollInterval(Duration.ofSeconds(2))
            .until(() -> ask(id), answer -> Set.of("COMPLETED", "FAILED").contains(status(answer)));

    assertThat(status(finished)).as(finished.toString()).isEqualTo("COMPLETED");
    assertThat(job(finished).path("user_metadata").path("job_id").asText()).isEqualTo("j-1");
    assertThat(finished.path("job_metadata").path("job_pages").asInt()).isEqualTo(1);
    assertThat(finished.path("job_metadata").path("job_credits_usage").isNumber()).isTrue();
    var text = send(HttpRequest.newBuilder(content(finished)).GET().build());
    assertThat(text.statusCode()).isEqualTo(200);
    assertThat(text.body()).containsIgnoringCase("The barge Margit has its sentence 3 here");

    var list = JSON.readTree(send(get("/api/v2/parse?page_size=100")).body());
    assertThat(list.path("items")).anyMatch(item -> job(item).path("id").asText().equals(id));
  }

  @Test
  void llamaParseSaysWhatIsWrongWithAKeyAnOptionAndAJob() throws Exception {
    var wrongKey = send(request("/api/v2/parse/pjb-none", "llx-wrong").GET().build());
    assertThat(wrongKey.statusCode()).isIn(401, 403);
    var unknownOption =
        upload("{\"tier\": \"cost_effective\", \"version\": \"latest\", \"no_such_option\": 1}");
    assertThat(unknownOption.statusCode()).isEqualTo(422);
    assertThat(JSON.readTree(unknownOption.body()).path("detail").isMissingNode()).isFalse();
    var unknownJob = send(get("/api/v2/parse/pjb-00000000-0000-0000-0000-000000000000"));
    assertThat(unknownJob.statusCode()).isEqualTo(404);
  }

  private JsonNode ask(String id) throws Exception {
    var path = "/api/v2/parse/" + id + "?expand=job_metadata&expand=markdown_content_metadata";
    return JSON.readTree(send(get(path)).body());
  }

  private static String status(JsonNode answer) {
    return job(answer).path("status").asText();
  }

  private static JsonNode job(JsonNode answer) {
    return answer.has("job") ? answer.path("job") : answer;
  }

  private static URI content(JsonNode answer) {
    var url = answer.at("/markdown_content_metadata/presigned_url");
    return URI.create(
        (url.isMissingNode() ? answer.at("/result_content_metadata/markdown/presigned_url") : url)
            .asText());
  }

  private HttpResponse<String> upload(String configuration) throws Exception {
    var form = new ByteArrayOutputStream();
    form.writeBytes(part("name=\"file\"; filename=\"one-page.pdf\""));
    form.writeBytes(SampleDocuments.numbered("The barge Margit", 5));
    form.writeBytes(part("name=\"configuration\""));
    form.writeBytes(bytes(configuration + "\r\n--b--\r\n"));
    return send(
        request("/api/v2/parse/upload", service.key())
            .header("Content-Type", "multipart/form-data; boundary=b")
            .POST(BodyPublishers.ofByteArray(form.toByteArray()))
            .build());
  }

  private static byte[] part(String disposition) {
    return bytes("\r\n--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private HttpResponse<String> embed(String input, String encoding) throws Exception {
    return send(post("/v1/embeddings", service.key(), question(input, encoding)));
  }

  private static String question(String input, String encoding) {
    return """
    {"model": "text-embedding-3-small", "input": %s, "encoding_format": "%s", "dimensions": %d}\
    """
        .formatted(input, encoding, DIMENSIONS);
  }

  private static JsonNode vector(HttpResponse<String> answer) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).at("/data/0/embedding");
  }

  private static FloatBuffer decoded(String base64) {
    var floats =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    assertThat(floats.remaining()).isEqualTo(DIMENSIONS);
    return floats;
  }

  /** Of two vectors of length 1, which these have to be. */
  private static double similarity(FloatBuffer one, FloatBuffer other) {
    double squares = 0;
    double product = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      squares += (double) one.get(i) * one.get(i);
      product += (double) one.get(i) * other.get(i);
    }
    assertThat(squares).isCloseTo(1, within(0.001));
    return product;
  }

  private HttpRequest get(String path) {
    return request(path, service.key()).GET().build();
  }

  private HttpRequest post(String path, String key, String json) {
    return request(path, key)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json))
        .build();
  }

  private HttpRequest.Builder request(String path, String key) {
    return HttpRequest.newBuilder(proxy.baseUrl().resolve(path))
        .header("Authorization", "Bearer " + key);
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return http.send(request, BodyHandlers.ofString());
  }
}
