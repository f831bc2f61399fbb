package dev.sluice.localstack.lambda;

import static dev.sluice.localstack.lambda.TinyFunction.await;
import static dev.sluice.localstack.lambda.TinyFunction.command;
import static dev.sluice.localstack.lambda.TinyFunction.log;
import static dev.sluice.localstack.lambda.TinyFunction.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.localstack.lambda.InvocationResult.Failed;
import dev.sluice.localstack.lambda.InvocationResult.Succeeded;
import dev.sluice.localstack.template.CloudTemplate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLambdaTest {
  private static final String TEMPLATE =
      """
      Globals:
        Function:
          Runtime: java25
          CodeUri: tiny.zip
          Handler: tiny.TinyHandler
          MemorySize: 256
          Timeout: 30
          Environment:
            Variables:
              JAVA_TOOL_OPTIONS: -XX:+UseSerialGC -XX:TieredStopAtLevel=1
      Resources:
        TinyFunction:
          Type: AWS::Serverless::Function
          Properties:
            Environment:
              Variables:
                OF_THE_TEMPLATE: "1"
        PairFunction:
          Type: AWS::Serverless::Function
          Properties:
            ReservedConcurrentExecutions: 2
        BusyFunction:
          Type: AWS::Serverless::Function
        ShortFunction:
          Type: AWS::Serverless::Function
          Properties:
            Timeout: 1
        BrokenFunction:
          Type: AWS::Serverless::Function
          Properties:
            Environment:
              Variables:
                FAIL_INIT: "1"
        ClockFunction:
          Type: AWS::Serverless::Function
          Properties:
            Events:
              Tick:
                Type: ScheduleV2
                Properties:
                  ScheduleExpression: rate(1 minute)
                  RetryPolicy:
                    MaximumRetryAttempts: 1
      """;

  @TempDir static Path folder;
  private static final List<String> TERMINAL = Collections.synchronizedList(new ArrayList<>());
  private static LocalLambda lambda;
  private static Path state;

  @BeforeAll
  static void start() throws IOException {
    state = folder.resolve("state");
    CloudTemplate template =
        TinyFunction.template(folder, TEMPLATE, URI.create("http://127.0.0.1:1"));
    LambdaSettings settings =
        LambdaSettings.of(state, TinyFunction.RUNTIME, InstantSource.system())
            .withEnvironment(Map.of("FOR_ALL", "1"), Map.of("tiny", Map.of("FOR_TINY", "1")))
            .withTerminal(TERMINAL::add)
            .withTimes(Duration.ofMinutes(5), Duration.ofMillis(500));
    lambda = LocalLambda.start(template, settings, 0);
    lambda.startSchedules(template, false);
  }

  @AfterAll
  static void stop() {
    lambda.close();
    assertThat(state.resolve("processes")).isEmptyDirectory();
  }

  @Test
  void returnsWhatTheHandlerReturns() throws InterruptedException {
    InvocationResult result = lambda.invoke("tiny", command("echo"));

    assertThat(result).isInstanceOf(Succeeded.class);
    assertThat(text(result)).isEqualTo("{\"do\":\"echo\"}");
  }

  @Test
  void logsStartOutputEndAndReport() throws InterruptedException, IOException {
    lambda.invoke("tiny", command("echo"));

    await(
        "the report", () -> TERMINAL.stream().anyMatch(line -> line.contains("REPORT RequestId")));
    assertThat(log(state, "tiny"))
        .anyMatch(line -> line.matches("START RequestId: \\S+ Version: \\$LATEST"))
        .anyMatch(line -> line.startsWith("echoing for "))
        .anyMatch(line -> line.startsWith("END RequestId: "))
        .anyMatch(
            line ->
                line.matches(
                    "REPORT .*Duration: [\\d.]+ ms Memory Size: 256 MB Max Memory Used: [1-9]\\d* MB.*"));
    assertThat(TERMINAL).anyMatch(line -> line.startsWith("tiny      START"));
  }

  @Test
  void reusesAProcessForTheNextEvent() throws InterruptedException {
    lambda.warm("clock");

    String first = text(lambda.invoke("clock", command("sleep 0")));
    String second = text(lambda.invoke("clock", command("sleep 0")));

    assertThat(first.replaceAll(",.*", "")).isEqualTo(second.replaceAll(",.*", ""));
    assertThat(lambda.processes("clock")).isEqualTo(1);
  }

  @Test
  void runsEventsAtTheSameTimeOnProcessesOfTheirOwnUpToTheLimit() throws Exception {
    Path meeting = Files.createDirectory(folder.resolve("meeting"));
    List<Future<InvocationResult>> calls = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 5; i++) {
        calls.add(threads.submit(() -> lambda.invoke("pair", command("meet " + meeting + " 2"))));
      }
    }

    assertThat(calls).allMatch(call -> call.resultNow() instanceof Succeeded);
    try (var processes = Files.list(meeting)) {
      assertThat(processes).hasSize(2);
    }
  }

  /** None of the events waits for as long as the patience lasts: all of them together do. */
  @Test
  void startsAnotherProcessWhereEventsKeepWaiting() throws Exception {
    List<Future<InvocationResult>> calls = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        calls.add(threads.submit(() -> lambda.invoke("busy", command("sleep 50"))));
      }
    }

    assertThat(calls).allMatch(call -> call.resultNow() instanceof Succeeded);
    assertThat(lambda.processes("busy")).isGreaterThan(1);
  }

  @Test
  void killsAProcessThatTakesLongerThanItsTimeoutAndStartsAnotherForTheNextEvent()
      throws InterruptedException {
    InvocationResult slow = lambda.invoke("short", command("sleep 60000"));
    InvocationResult next = lambda.invoke("short", command("echo"));

    assertThat(slow)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.type()).isEqualTo("Sandbox.Timedout");
              assertThat(failed.message()).endsWith("Task timed out after 1.00 seconds");
            });
    assertThat(next).isInstanceOf(Succeeded.class);
  }

  @Test
  void reportsAProcessThatExitsAndStartsAnotherForTheNextEvent() throws InterruptedException {
    InvocationResult exit = lambda.invoke("tiny", command("exit 7"));
    InvocationResult next = lambda.invoke("tiny", command("echo"));

    assertThat(exit)
        .isInstanceOfSatisfying(
            Failed.class,
            failed ->
                assertThat(failed.message()).isEqualTo("Runtime exited with error: exit status 7"));
    assertThat(next).isInstanceOf(Succeeded.class);
  }

  @Test
  void reportsTheHandlersExceptionWithTypeAndMessage() throws InterruptedException {
    InvocationResult result = lambda.invoke("tiny", command("throw"));

    assertThat(result)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.type()).isEqualTo("java.lang.IllegalArgumentException");
              assertThat(failed.message()).isEqualTo("asked to throw");
              assertThat(text(failed)).contains("stackTrace");
            });
  }

  @Test
  void limitsTheHeapByTheTemplatesMemoryAndReplacesAProcessThatRanOut()
      throws InterruptedException {
    InvocationResult full = lambda.invoke("tiny", command("memory"));
    InvocationResult next = lambda.invoke("tiny", command("echo"));

    assertThat(full)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> assertThat(failed.type()).isEqualTo("java.lang.OutOfMemoryError"));
    assertThat(next).isInstanceOf(Succeeded.class);
  }

  @Test
  void refusesAnAnswerOverSixMegabytes() throws InterruptedException {
    InvocationResult result = lambda.invoke("tiny", command("large 6291557"));

    assertThat(result)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> assertThat(failed.type()).isEqualTo("Function.ResponseSizeTooLarge"));
  }

  @Test
  void reportsAHandlerThatCannotBeInitialised() throws InterruptedException, IOException {
    InvocationResult result = lambda.invoke("broken", command("echo"));

    assertThat(text(result)).contains("ExceptionInInitializerError");
    assertThat(log(state, "broken")).anyMatch(line -> line.startsWith("INIT_REPORT Status: error"));
    assertThat(lambda.processes("broken")).isZero();
    lambda.warm("broken");
    assertThat(log(state, "broken"))
        .anyMatch(line -> line.startsWith("The process could not be started ahead"));
  }

  @Test
  void givesAFunctionOnlyTheTemplatesAndLambdasEnvironment() throws InterruptedException {
    List<String> names =
        List.of(text(lambda.invoke("tiny", command("environment"))).replace("\"", "").split(","));

    assertThat(names)
        .contains("OF_THE_TEMPLATE", "FOR_ALL", "FOR_TINY", "AWS_LAMBDA_FUNCTION_NAME", "_HANDLER")
        .doesNotContain("HOME", "USER", "JAVA_HOME");
    assertThat(text(lambda.invoke("tiny", command("home")))).endsWith("no-home\"");
  }

  @Test
  void firesAScheduleOnDemand() throws InterruptedException {
    List<InvocationResult> results = lambda.fireSchedules("clock");

    assertThat(results).singleElement().isInstanceOf(Succeeded.class);
    assertThat(text(results.getFirst()))
        .contains(
            "\"detail-type\":\"Scheduled Event\"",
            "\"source\":\"aws.scheduler\"",
            "schedule/default/Tick");
  }

  @Test
  void servesTheInvokeApi() throws Exception {
    HttpResponse<String> result = post("tiny", "RequestResponse", "{\"do\":\"echo\"}");
    assertThat(result.statusCode()).isEqualTo(200);
    assertThat(result.body()).isEqualTo("{\"do\":\"echo\"}");
    assertThat(result.headers().firstValue("X-Amz-Executed-Version")).hasValue("$LATEST");

    HttpResponse<String> error =
        post(
            "arn:aws:lambda:eu-west-1:000000000000:function:tiny",
            "RequestResponse",
            "{\"do\":\"throw\"}");
    assertThat(error.statusCode()).isEqualTo(200);
    assertThat(error.headers().firstValue("X-Amz-Function-Error")).hasValue("Unhandled");

    assertThat(post("tiny", "DryRun", "").statusCode()).isEqualTo(204);
    assertThat(post("tiny", "Sometime", "").statusCode()).isEqualTo(400);
    assertThat(post("nobody", "Event", "").headers().firstValue("x-amzn-ErrorType"))
        .hasValue("ResourceNotFoundException");
    assertThat(post("tiny", "Event", "x".repeat(6_291_457)).statusCode()).isEqualTo(413);
  }

  @Test
  void invokesLaterWhenTheCallerDoesNotWait() throws Exception {
    Path meeting = Files.createDirectory(folder.resolve("later"));

    HttpResponse<String> result =
        post("tiny", "Event", new String(command("meet " + meeting + " 1"), UTF_8));

    assertThat(result.statusCode()).isEqualTo(202);
    await("the event", () -> meeting.toFile().list().length == 1);
  }

  @Test
  void endsProcessesThatHaveNothingToDo() throws Exception {
    CloudTemplate template =
        TinyFunction.template(
            Files.createDirectory(folder.resolve("idle")),
            TEMPLATE,
            URI.create("http://127.0.0.1:1"));
    LambdaSettings settings =
        LambdaSettings.of(
                folder.resolve("idle-state"), TinyFunction.RUNTIME, InstantSource.system())
            .withTimes(Duration.ZERO, Duration.ZERO);
    try (LocalLambda idle = LocalLambda.start(template, settings, 0)) {
      idle.warm("tiny");
      assertThat(idle.processes("tiny")).isEqualTo(1);

      idle.reap();

      assertThat(idle.processes("tiny")).isZero();
      assertThat(idle.has("nobody")).isFalse();
      assertThatThrownBy(() -> idle.invoke("nobody", new byte[0]))
          .hasMessage("no function is called nobody");
    }
  }

  @Test
  void saysWhichZipIsNotBuilt() throws IOException {
    CloudTemplate template =
        TinyFunction.template(
            Files.createDirectory(folder.resolve("missing")),
            TEMPLATE.replace("tiny.zip", "absent.zip"),
            URI.create("http://127.0.0.1:1"));

    assertThatThrownBy(
            () ->
                LocalLambda.start(
                    template,
                    LambdaSettings.of(
                        folder.resolve("other"), TinyFunction.RUNTIME, InstantSource.system()),
                    0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the zip of function tiny is not built")
        .hasMessageContaining("absent.zip");
    assertThatThrownBy(
            () ->
                LocalLambda.start(
                    template,
                    LambdaSettings.of(
                        folder.resolve("other"), folder.resolve("no-jars"), InstantSource.system()),
                    0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the Lambda runtime is not built");
  }

  private static HttpResponse<String> post(String function, String type, String body)
      throws Exception {
    URI uri = lambda.uri().resolve("/2015-03-31/functions/" + function + "/invocations");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(uri)
              .header("X-Amz-Invocation-Type", type)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
