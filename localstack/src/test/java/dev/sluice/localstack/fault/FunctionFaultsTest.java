package dev.sluice.localstack.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.CloudPorts;
import dev.sluice.localstack.fault.Boundary.Side;
import dev.sluice.localstack.lambda.InvocationResult.Failed;
import dev.sluice.localstack.lambda.InvocationResult.Succeeded;
import dev.sluice.localstack.lambda.LambdaSettings;
import dev.sluice.localstack.lambda.LocalLambda;
import dev.sluice.localstack.lambda.TinyFunction;
import dev.sluice.localstack.template.LocalNames;
import dev.sluice.localstack.template.TemplateReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gates before a real function's process. */
@Tag("servers")
class FunctionFaultsTest {
  private static final String TEMPLATE =
      """
      Resources:
        TinyFunction:
          Type: AWS::Serverless::Function
          Properties:
            Runtime: java25
            CodeUri: tiny.zip
            Handler: tiny.TinyHandler
            MemorySize: 256
            Timeout: 30
        ShortFunction:
          Type: AWS::Serverless::Function
          Properties:
            Runtime: java25
            CodeUri: tiny.zip
            Handler: tiny.TinyHandler
            MemorySize: 256
            Timeout: 2
      """;

  @TempDir static Path folder;
  private static final Faults FAULTS = new Faults();
  private static FunctionGates gates;
  private static LocalLambda lambda;

  @BeforeAll
  static void start() throws Exception {
    TinyFunction.zip(folder);
    Files.writeString(folder.resolve("template.yaml"), TEMPLATE);
    var nowhere = URI.create("http://127.0.0.1:1");
    var template =
        TemplateReader.read(
            folder.resolve("template.yaml"), LocalNames.of(nowhere, nowhere, Map.of()));
    gates =
        FunctionGates.open(
            Map.of("tiny", Set.of(FunctionGates.Server.values()), "short", Set.of()),
            CloudPorts.free(),
            FAULTS);
    lambda =
        LocalLambda.start(
            template,
            LambdaSettings.of(folder.resolve("state"), TinyFunction.RUNTIME, Clock.systemUTC())
                .withEnvironment(Map.of(), gates.environment())
                .withSeams(gates::runtimeAddress, Duration.ZERO),
            0);
  }

  @AfterAll
  static void stop() {
    lambda.close();
    gates.close();
  }

  @Test
  void aFunctionFindsItsGatesInItsEnvironment() throws Exception {
    var answer = lambda.invoke("tiny", TinyFunction.command("environment"));
    assertThat(TinyFunction.text(answer))
        .contains("DATABASE_URL", "AWS_ENDPOINT_URL_SQS", "LLAMAPARSE_URL", "OPENAI_URL");
  }

  @Test
  void aKillOnTheArrivalOfAnEventEndsTheProcessAndTheNextEventGetsAnother() throws Exception {
    FAULTS.begin(FaultPlan.once("tiny", "received", 1, Side.AFTER, Fault.KILL));
    var killed = lambda.invoke("tiny", TinyFunction.command("count"));
    assertThat(killed)
        .isInstanceOfSatisfying(
            Failed.class, failure -> assertThat(failure.message()).contains("signal: killed"));
    assertThat(FAULTS.struck()).hasSize(1);

    assertThat(lambda.invoke("tiny", TinyFunction.command("count"))).isInstanceOf(Succeeded.class);
    assertThat(FAULTS.trace().stream().map(Boundary::step)).contains("received", "acknowledgement");
    TinyFunction.await("quiet", lambda::isQuiet);
  }

  @Test
  void aProcessThatAnswersAndThenHangsMakesRoomForAnother() throws Exception {
    FAULTS.begin(FaultPlan.once("short", "acknowledgement", 1, Side.AFTER, Fault.BREAK));
    assertThat(lambda.invoke("short", TinyFunction.command("linger")))
        .isInstanceOf(Succeeded.class);

    TinyFunction.await("the fault", () -> FAULTS.struck().size() == 1);
    TinyFunction.await("quiet", lambda::isQuiet);
    TinyFunction.await("the end", () -> FunctionProcesses.of("short").isEmpty());
  }

  @Test
  void theProcessesOfAFunctionAreFoundAndKilled() throws Exception {
    FAULTS.begin(FaultPlan.NONE);
    lambda.invoke("tiny", TinyFunction.command("count"));
    assertThat(FunctionProcesses.of("tiny")).isNotEmpty();
    FunctionProcesses.kill("tiny");
    assertThat(FunctionProcesses.of("tiny")).isEmpty();
    assertThat(FunctionProcesses.of("another")).isEmpty();
  }

  @Test
  void serversGoDownAndComeBackForAllFunctionsAtOnce() {
    for (var server : FunctionGates.Server.values()) {
      gates.refuse(server);
      gates.open(server);
    }
    assertThat(gates.environment()).containsOnlyKeys("tiny", "short");
  }
}
