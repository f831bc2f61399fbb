package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.lambda.LambdaSettings;
import dev.sluice.localstack.lambda.LocalLambda;
import dev.sluice.localstack.template.LocalNames;
import dev.sluice.localstack.template.TemplateReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The framework reads resources of its own jars by URL, which not every path survives. */
@Tag("e2e")
class SpacedPathTest {
  @TempDir Path machine;

  @ParameterizedTest
  @ValueSource(strings = {"my clone", "Müllers c++"})
  void aFunctionStartsFromAStateFolderWithSuchAName(String name) throws Exception {
    Path state = Files.createDirectory(machine.resolve(name));
    var names =
        LocalNames.of(
            URI.create("http://127.0.0.1:1"),
            URI.create("http://127.0.0.1:1"),
            Map.of(
                "DatabaseUrl", "jdbc:postgresql:",
                "JwtIssuer", "none",
                "LlamaParseUrl", "none",
                "LlamaParseApiKey", "none",
                "OpenAiUrl", "none",
                "OpenAiApiKey", "none"));
    var template = TemplateReader.read(Clouds.ROOT.resolve("template.yaml"), names);
    var settings =
        LambdaSettings.of(
            state, Clouds.ROOT.resolve("localstack/target/lambda-runtime"), InstantSource.system());

    try (var lambda = LocalLambda.start(template, settings, 0)) {
      lambda.warm("validate");

      assertThat(lambda.processes("validate"))
          .as(Files.readString(state.resolve("logs/validate.log")))
          .isEqualTo(1);
    }
  }
}
