package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.template.CloudTemplate;
import dev.sluice.localstack.template.FunctionDefinition;
import dev.sluice.localstack.template.LocalNames;
import dev.sluice.localstack.template.TemplateReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LevelTemplateTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path folder;

  private CloudTemplate at(int level) throws IOException {
    Path copy = folder.resolve("template.yaml");
    Files.writeString(
        copy, LevelTemplate.at(level, Files.readString(ROOT.resolve("template.yaml")), ROOT));
    Map<String, String> parameters = new HashMap<>();
    for (String name :
        List.of("DatabaseUrl", "JwtIssuer", "LlamaParseApiKey", "OpenAiApiKey", "JwtAudience")) {
      parameters.put(name, "x");
    }
    URI nowhere = URI.create("http://127.0.0.1:1");
    return TemplateReader.read(copy, LocalNames.of(nowhere, nowhere, parameters));
  }

  private static List<FunctionDefinition> ofQueues(CloudTemplate template) {
    return template.functions().stream().filter(f -> !f.queueTriggers().isEmpty()).toList();
  }

  @Test
  void setsEachQueuesConcurrency() throws IOException {
    var functions = ofQueues(at(20));
    assertThat(functions).hasSize(5);
    assertThat(functions)
        .allSatisfy(
            function -> {
              assertThat(function.queueTriggers().getFirst().maximumConcurrency()).hasValue(20);
              assertThat(function.reservedConcurrency()).isEmpty();
            });
  }

  @Test
  void limitsTheFunctionItselfToOneSinceNoTriggerCanBe() throws IOException {
    var template = at(1);
    assertThat(ofQueues(template))
        .hasSize(5)
        .allSatisfy(
            function -> {
              assertThat(function.queueTriggers().getFirst().maximumConcurrency()).isEmpty();
              assertThat(function.reservedConcurrency()).hasValue(1);
            });
    assertThat(template.function("api").reservedConcurrency()).isEmpty();
    assertThat(template.function("sweep").reservedConcurrency()).isEmpty();
  }

  @Test
  void findsTheCodeFromAnywhere() throws IOException {
    assertThat(at(5).function("chunk").code())
        .isEqualTo(ROOT.resolve("functions/chunk/target/chunk.zip"));
  }
}
