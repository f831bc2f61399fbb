package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.localstack.LocalCloud;
import dev.sluice.localstack.real.Cap;
import dev.sluice.localstack.real.Provider;
import dev.sluice.localstack.real.RealServices;
import dev.sluice.localstack.real.Spending;
import dev.sluice.localstack.real.SpendingRecord;
import dev.sluice.samples.SampleDocuments;
import dev.sluice.simulator.llamaparse.LlamaParseOptions;
import dev.sluice.simulator.llamaparse.LlamaParseSimulator;
import dev.sluice.simulator.openai.OpenAiOptions;
import dev.sluice.simulator.openai.OpenAiSimulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cloud of {@code ./sluice up --real openai,llamaparse}. Simulators of other addresses and keys
 * play the real providers; the parser has no way to call back.
 */
@Tag("e2e")
class RealProvidersPipelineTest {
  private static final String OPENAI_KEY = "sk-real-5b7f0c1e9d";
  private static final String LLAMA_PARSE_KEY = "llx-real-a83d21c47b";

  /** Enough for a small document, and not for much more. */
  private static final Cap CAP = Cap.parse("parses=1,tokens=2000");

  private static final Duration SOON = Duration.ofMinutes(3);

  @TempDir static Path folder;
  private static Path state;
  private static OpenAiSimulator openAi;
  private static LlamaParseSimulator parser;
  private static LocalCloud cloud;

  private final Pipeline user = new Pipeline(cloud, UUID.randomUUID());

  @BeforeAll
  static void start() throws Exception {
    state = folder.resolve("cloud");
    openAi = OpenAiSimulator.start(OpenAiOptions.defaults().withApiKeys(Set.of(OPENAI_KEY)));
    parser =
        LlamaParseSimulator.start(
            LlamaParseOptions.defaults(folder.resolve("parser"))
                .withApiKeys(Set.of(LLAMA_PARSE_KEY)));
    cloud =
        Clouds.startReal(
            state,
            RealServices.of(
                EnumSet.allOf(Provider.class),
                CAP,
                Map.of(
                    "OPENAI_API_KEY",
                    OPENAI_KEY,
                    "OPENAI_BASE_URL",
                    openAi.baseUrl() + "/v1",
                    "LLAMA_CLOUD_API_KEY",
                    LLAMA_PARSE_KEY,
                    "LLAMA_CLOUD_BASE_URL",
                    parser.baseUrl().toString())));
  }

  @AfterAll
  static void stop() {
    cloud.close();
    parser.close();
    openAi.close();
  }

  @Test
  void aDocumentCompletesByPollingAndWhatWouldPassTheCapWaits() throws Exception {
    var small = SampleDocuments.numbered("The barge Margit", 5);
    var created = user.upload("margit.pdf", "application/pdf", small);
    var job = finishedBySweeps(created);

    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("complete");
    assertThat(parser.counters().callbackAttempts()).isZero();
    assertThat(user.search("walnut veneer cargo", 3).path("mode").asText()).isEqualTo("vector");
    long tokens = openAi.counters().tokens();
    long nanoUsd = parser.counters().credits() * 1_250_000 + tokens * 20;
    assertThat(spent()).isEqualTo(new Spending(1, tokens, nanoUsd));

    var another = SampleDocuments.numbered("The barge Ilona", 5);
    var secondParse = user.upload("another.pdf", "application/pdf", another);
    assertThat(waitReason(secondParse)).isEqualTo("parse_credits_exhausted");
    assertThat(parser.counters().parses()).isEqualTo(1);

    long asked = openAi.counters().requests();
    long refused = refused();
    var moreTokens = user.upload("long.md", "text/markdown", manyWords());
    await()
        .atMost(SOON)
        .until(() -> user.job(moreTokens).path("status").asText().equals("embedding_in_progress"));
    await().atMost(SOON).until(() -> refused() >= refused + 2);
    assertThat(user.job(moreTokens).path("status").asText()).isEqualTo("embedding_in_progress");
    assertThat(openAi.counters().requests()).isEqualTo(asked);
    assertThat(spent()).isEqualTo(new Spending(1, tokens, nanoUsd));

    assertThat(filesWith(OPENAI_KEY)).isEmpty();
    assertThat(filesWith(LLAMA_PARSE_KEY)).isEmpty();
    assertThat(commandLines()).isNotEmpty().noneMatch(line -> line.contains("-real-"));
  }

  /** The parser cannot call: only the sweep, which a schedule runs each minute, reminds us. */
  private JsonNode finishedBySweeps(JsonNode created) {
    return await()
        .atMost(SOON)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              var unused = cloud.lambda().fireSchedules("sweep");
              return user.job(created);
            },
            job -> Set.of("complete", "failed_parse").contains(job.path("status").asText()));
  }

  private String waitReason(JsonNode created) {
    return await()
        .atMost(SOON)
        .until(
            () -> user.job(created).path("wait_reason").asText(),
            reason -> !Set.of("", "null", "turn", "upload", "parser").contains(reason));
  }

  private static byte[] manyWords() {
    return IntStream.range(0, 900)
        .mapToObj(i -> "Sentence %d speaks of storm and hail.".formatted(i))
        .collect(Collectors.joining("\n\n"))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static long refused() throws IOException {
    return SpendingRecord.of(state).orElseThrow().refused();
  }

  private static Spending spent() throws IOException {
    return SpendingRecord.of(state).orElseThrow().spent();
  }

  private static List<Path> filesWith(String key) throws IOException {
    try (var files = Files.walk(state)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> contains(file, key.getBytes(StandardCharsets.UTF_8)))
          .toList();
    }
  }

  private static boolean contains(Path file, byte[] key) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
          .contains(new String(key, StandardCharsets.ISO_8859_1));
    } catch (IOException vanished) {
      return false;
    }
  }

  private static List<String> commandLines() {
    return ProcessHandle.current()
        .descendants()
        .flatMap(process -> process.info().commandLine().stream())
        .toList();
  }
}
