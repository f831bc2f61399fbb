package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.fault.FunctionGates.Server;
import dev.sluice.localstack.template.CloudTemplate;
import dev.sluice.localstack.template.FunctionDefinition;
import dev.sluice.localstack.template.LocalNames;
import dev.sluice.localstack.template.TemplateReader;
import dev.sluice.pipeline.Clouds;
import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no gate stands before is left out of the crash matrix. */
class GatesTest {
  private static final URI ANYWHERE = URI.create("http://127.0.0.1:1");

  static List<FunctionDefinition> functions() throws IOException {
    return template().functions();
  }

  private static CloudTemplate template() throws IOException {
    var parameters =
        Map.of(
            "DatabaseUrl", "jdbc:postgresql://127.0.0.1:1/sluice",
            "JwtIssuer", ANYWHERE.toString(),
            "LlamaParseApiKey", "key",
            "OpenAiApiKey", "key");
    return TemplateReader.read(
        Clouds.ROOT.resolve("template.yaml"), LocalNames.of(ANYWHERE, ANYWHERE, parameters));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void stepsOfEachFunctionToEachServerThatTheTemplateGivesItAreSeen(FunctionDefinition function) {
    var given = EnumSet.noneOf(Server.class);
    function.environment().keySet().forEach(variable -> given.addAll(servers(variable)));
    if (function.name().equals("api")) {
      // It signs URLs of the bucket, and calls it never.
      given.remove(Server.S3);
    }
    assertThat(CrashCloud.FUNCTIONS.get(function.name())).isEqualTo(given);
  }

  private static Set<Server> servers(String variable) {
    return switch (variable) {
      case "DATABASE_URL" -> EnumSet.of(Server.POSTGRES);
      case "DOCUMENTS_BUCKET" -> EnumSet.of(Server.S3);
      case "LLAMAPARSE_URL" -> EnumSet.of(Server.LLAMAPARSE);
      case "OPENAI_URL" -> EnumSet.of(Server.OPENAI);
      default ->
          variable.endsWith("_QUEUE_URL")
              ? EnumSet.of(Server.SQS)
              : variable.endsWith("_SECRET") ? EnumSet.of(Server.SECRETS) : Set.of();
    };
  }
}
