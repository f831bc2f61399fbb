package dev.sluice.localstack.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.localstack.LocalCloudException;
import dev.sluice.simulator.http.Behaviour;
import dev.sluice.simulator.http.Reply;
import dev.sluice.simulator.llamaparse.LlamaParseOptions;
import dev.sluice.simulator.llamaparse.LlamaParseSimulator;
import dev.sluice.simulator.openai.OpenAiOptions;
import dev.sluice.simulator.openai.OpenAiSimulator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The simulators play the real services. */
@Tag("servers")
class MeteringProxyTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path POLICY = Path.of("samples/insurance-policy.pdf");
  private static final int POLICY_PAGES = 11;
  private static final long NANO_USD_OF_A_PAGE = 3 * 1_250_000;
  private static final String TEXTS =
      """
      {"model": "text-embedding-3-small", "input": ["burst pipe", "storm"], "encoding_format": "base64"}\
      """;

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile Behaviour behaviour = Behaviour.GOOD;
  private OpenAiSimulator openAi;
  private LlamaParseSimulator llamaParse;
  private Meter meter;
  private MeteringProxy embeddings;
  private MeteringProxy parses;

  @BeforeEach
  void start() throws IOException {
    openAi =
        OpenAiSimulator.start(
            OpenAiOptions.defaults()
                .withApiKeys(Set.of("key"))
                .withBehaviour(request -> behaviour.answerInstead(request)));
    llamaParse =
        LlamaParseSimulator.start(
            LlamaParseOptions.defaults(folder.resolve("parser"))
                .withApiKeys(Set.of("key"))
                .withBehaviour(request -> behaviour.answerInstead(request)));
    startProxies(Cap.DEFAULT);
  }

  private void startProxies(Cap cap) throws IOException {
    meter = Meter.open(state(), cap);
    embeddings = MeteringProxy.start(0, Provider.OPENAI, openAi.baseUrl(), meter, state());
    parses = MeteringProxy.start(0, Provider.LLAMAPARSE, llamaParse.baseUrl(), meter, state());
  }

  /** As a cloud does that is stopped, or killed, and started again. */
  private void restart(String cap) throws IOException {
    embeddings.close();
    parses.close();
    startProxies(Cap.parse(cap));
  }

  @AfterEach
  void stop() {
    embeddings.close();
    parses.close();
    openAi.close();
    llamaParse.close();
    http.shutdownNow();
  }

  @Test
  void anEmbeddingIsOnDiskBeforeItIsMadeAndThenAsItWasCharged() throws Exception {
    var before = new CompletableFuture<Spending>();
    behaviour =
        request -> {
          before.complete(spent());
          return Optional.empty();
        };
    var answer = embed(TEXTS);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(answer.body()).path("data")).hasSize(2);
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    long tokens = openAi.counters().tokens();
    assertThat(tokens).isPositive();
    assertThat(before.get()).isEqualTo(new Spending(0, tokens, tokens * 20));
    assertThat(spent()).isEqualTo(before.get());
  }

  @Test
  void whatTheAnswerSaysCorrectsTheCountInEitherDirection() throws Exception {
    for (int charged : List.of(3, 300)) {
      behaviour =
          request ->
              Optional.of(
                  Reply.text(200, "{\"usage\": {\"total_tokens\": %d}}".formatted(charged)));
      embed(TEXTS);
    }
    assertThat(spent()).isEqualTo(new Spending(0, 303, 303 * 20));
  }

  @Test
  void whatWouldPassTheCapGetsTheProvidersOwnRefusalAndGoesNoFurther() throws Exception {
    restart("tokens=4,parses=0");

    var answer = embed(TEXTS);
    assertThat(answer.statusCode()).isEqualTo(200);
    answer = embed(TEXTS);
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(JSON.readTree(answer.body()).at("/error/code").asText())
        .isEqualTo("insufficient_quota");
    assertThat(openAi.counters().requests()).isEqualTo(1);

    var parse = upload(policy(), "cost_effective");
    assertThat(parse.statusCode()).isEqualTo(402);
    assertThat(JSON.readTree(parse.body()).path("detail").asText()).contains("cap");
    assertThat(llamaParse.counters().requests()).isZero();
    assertThat(SpendingRecord.of(state()).orElseThrow().refused()).isEqualTo(2);
  }

  @Test
  void aRestartRemembersAndALargerCapLetsMorePass() throws Exception {
    embed(TEXTS);
    restart("tokens=4");
    assertThat(embed(TEXTS).statusCode()).isEqualTo(429);
    restart("tokens=8");
    assertThat(embed(TEXTS).statusCode()).isEqualTo(200);
  }

  @Test
  void whatWasSpentMustBeReadableToGoOn() throws Exception {
    Files.writeString(state().resolve("spending.json"), "{\"spent\": ");
    assertThatThrownBy(() -> Meter.open(state(), Cap.DEFAULT))
        .isInstanceOf(LocalCloudException.class)
        .hasMessageContaining("spending.json; ./sluice reset begins anew");
  }

  @Test
  void whatTheProviderRefusesCostsNothing() throws Exception {
    var answer = send(embeddings, "/v1/embeddings", "wrong", "application/json", TEXTS);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("invalid_api_key");
    behaviour = request -> Optional.of(Reply.text(422, "{}"));
    assertThat(upload(policy(), "cost_effective").statusCode()).isEqualTo(422);
    assertThat(spent()).isEqualTo(Spending.NOTHING);
  }

  @Test
  void whatMayHaveBeenPaidStaysCounted() throws Exception {
    behaviour = request -> Optional.of(Reply.NOTHING);
    assertThatThrownBy(() -> embed(TEXTS)).isInstanceOf(IOException.class);
    long once = spent().tokens();
    assertThat(once).isPositive();
    behaviour = request -> Optional.of(Reply.text(503, "later"));
    assertThat(embed(TEXTS).statusCode()).isEqualTo(503);
    assertThat(spent().tokens()).isEqualTo(2 * once);
  }

  @Test
  void aProviderThatCannotBeReachedCostsNothing() throws Exception {
    openAi.close();
    assertThatThrownBy(() -> embed(TEXTS)).isInstanceOf(IOException.class);
    assertThat(spent()).isEqualTo(Spending.NOTHING);
  }

  @Test
  void nothingPassesWhosePriceIsNotKnown() throws Exception {
    assertThat(embed("{\"model\": \"text-embedding-9\", \"input\": \"a\"}").statusCode())
        .isEqualTo(400);
    assertThat(embed("{\"model\": \"text-embedding-3-small\", \"input\": {}}").statusCode())
        .isEqualTo(400);
    assertThat(embed("{\"input\": \"a\", \"input\": \"b\"}").statusCode()).isEqualTo(400);
    assertThat(
            send(embeddings, "/v1/chat/completions", "key", "application/json", "{}").statusCode())
        .isEqualTo(404);
    assertThat(send(parses, "/api/v2/parse", "key", "application/json", "{}").statusCode())
        .isEqualTo(404);
    assertThat(send(parses, "/api/v1/files", "key", "application/json", "{}").statusCode())
        .isEqualTo(404);
    assertThat(openAi.counters().requests() + llamaParse.counters().requests()).isZero();
  }

  @Test
  void aParseIsCountedByItsPagesAndThenByItsBill() throws Exception {
    var answer = upload(policy(), "cost_effective");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(spent()).isEqualTo(new Spending(1, 0, POLICY_PAGES * NANO_USD_OF_A_PAGE));

    String job = JSON.readTree(answer.body()).path("id").asText();
    await().until(llamaParse::isIdle);
    var done =
        get("/api/v2/parse/" + job + "?expand=job_metadata&expand=markdown_content_metadata");
    assertThat(done.path("status").asText()).isEqualTo("COMPLETED");
    long credits = done.at("/job_metadata/job_credits_usage").asLong();
    assertThat(spent()).isEqualTo(new Spending(1, 0, credits * 1_250_000));

    // The same again is a cache hit there, and its bill is nothing.
    String second = JSON.readTree(upload(policy(), "cost_effective").body()).path("id").asText();
    await().until(llamaParse::isIdle);
    get("/api/v2/parse/" + second + "?expand=usage");
    get("/api/v2/parse/" + second + "?expand=job_metadata");
    assertThat(spent()).isEqualTo(new Spending(2, 0, credits * 1_250_000));
    assertThat(get("/api/v2/parse").path("items")).hasSize(2);
  }

  @Test
  void anUploadOfUnknownTierOrKindIsCountedAsTheDearest() throws Exception {
    restart("usd=100");
    upload("x".repeat(5_000).getBytes(StandardCharsets.UTF_8), "unheard_of");
    assertThat(SpendingRecord.of(state()).orElseThrow().spent())
        .as("it was refused there")
        .isEqualTo(Spending.NOTHING);
    upload("x".repeat(5_000).getBytes(StandardCharsets.UTF_8), "agentic_plus");
    assertThat(spent().nanoUsd()).isEqualTo(10 * 45 * 1_250_000);
  }

  @Test
  void anUploadThatWouldPassTheDollarsBreaksOffBeforeItsEnd() throws Exception {
    restart("usd=0.04");
    var answer = upload(policy(), "cost_effective");
    assertThat(answer.statusCode()).isEqualTo(402);
    assertThat(SpendingRecord.of(state()).orElseThrow().spent()).isEqualTo(Spending.NOTHING);
    assertThat(SpendingRecord.of(state()).orElseThrow().refused()).isEqualTo(1);
    assertThat(llamaParse.counters().parses()).isZero();
    assertThat(get("/api/v2/parse").path("items")).isEmpty();
    awaitNoLeftovers();
  }

  @Test
  void anUploadPassesAsItComes() throws Exception {
    var arrived = new CompletableFuture<byte[]>();
    behaviour =
        request -> {
          arrived.complete(begin(request.body()));
          return Optional.of(Reply.text(503, "enough"));
        };
    byte[] form = form(new byte[200_000], "fast");
    var rest =
        new InputStream() {
          private final InputStream bytes =
              new ByteArrayInputStream(form, 100_000, form.length - 100_000);

          @Override
          public int read() throws IOException {
            // The second half is sent only when the service has seen the first.
            arrived.orTimeout(20, TimeUnit.SECONDS).join();
            return bytes.read();
          }
        };
    var body = new SequenceInputStream(new ByteArrayInputStream(form, 0, 100_000), rest);
    var answer =
        http.send(
            request(parses, "/api/v2/parse/upload", "key", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofInputStream(() -> body))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(arrived.join()).isEqualTo(Arrays.copyOf(form, 1000));
    awaitNoLeftovers();
  }

  private HttpResponse<String> embed(String body) throws Exception {
    return send(embeddings, "/v1/embeddings", "key", "application/json", body);
  }

  private HttpResponse<String> upload(byte[] file, String tier) throws Exception {
    return http.send(
        request(parses, "/api/v2/parse/upload", "key", "multipart/form-data; boundary=b")
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(form(file, tier))))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> send(
      MeteringProxy proxy, String path, String key, String type, String body) throws Exception {
    return http.send(
        request(proxy, path, key, type).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private JsonNode get(String path) throws Exception {
    var answer =
        http.send(
            request(parses, path, "key", "text/plain").GET().build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static HttpRequest.Builder request(
      MeteringProxy proxy, String path, String key, String type) {
    return HttpRequest.newBuilder(proxy.baseUrl().resolve(path))
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", type);
  }

  /** The file first and the options last, as the parse function sends them. */
  private static byte[] form(byte[] file, String tier) {
    var form = new ByteArrayOutputStream();
    form.writeBytes(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n"
            .getBytes(StandardCharsets.UTF_8));
    form.writeBytes(file);
    form.writeBytes(
        """
        \r
        --b\r
        Content-Disposition: form-data; name="configuration"\r
        \r
        {"tier": "%s", "version": "latest"}\r
        --b--\r
        """
            .formatted(tier)
            .getBytes(StandardCharsets.UTF_8));
    return form.toByteArray();
  }

  private static byte[] policy() throws IOException {
    return Files.readAllBytes(POLICY);
  }

  private Spending spent() {
    try {
      return SpendingRecord.of(state()).orElseThrow().spent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] begin(InputStream body) {
    try {
      return body.readNBytes(1000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The answer may be here a moment before the proxy has tidied up. */
  private void awaitNoLeftovers() {
    await().untilAsserted(() -> assertThat(leftovers()).isEmpty());
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> files = Files.list(state())) {
      return files.filter(file -> !file.endsWith("spending.json")).toList();
    }
  }

  private Path state() {
    return folder.resolve("state");
  }
}
