package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.sluice.document.JobRef;
import dev.sluice.localstack.SecurityPage;
import dev.sluice.webhook.WebhookFunction.Call;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * What is tried on the webhook, what it answers, and that nothing changed. The table in {@code
 * docs/security.md} is what this test saw.
 */
@Tag("servers")
class AttackTest {
  private static final String REFUSAL =
      """
      {"type":"about:blank","title":"Unauthorized","status":401,\
      "detail":"The callback was not accepted.","code":"callback_refused"}\
      """;

  private static final int REPETITIONS = 4;

  private static final Map<Attack, Integer> answers = new LinkedHashMap<>();

  /** By what was tried; the table has them in the order of the alphabet. */
  private static final Map<String, String> repetitions = new TreeMap<>();

  private static final Map<String, JobRef> jobs = new LinkedHashMap<>();
  private static WebhookFunction function;
  private static List<Attack> attacks;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final ListAppender<ILoggingEvent> metrics = new ListAppender<>();
  private Genuine genuine;

  @BeforeAll
  static void start() throws SQLException {
    function = new WebhookFunction();
    jobs.put("other", function.insertJob("llamaparse", "k1"));
    jobs.put("new", function.insertJob(null, ""));
    jobs.put("text", function.insertJob("none", "k1"));
    jobs.put("key", function.insertJob("llamaparse", "k2"));
    attacks = Attacks.with(jobs);
  }

  /** A page that differs is written anew, so that it can be read and committed. */
  @AfterAll
  static void writeThePage() throws IOException {
    function.close();
    if (answers.size() == attacks.size()) {
      assertUnchanged("attacks", AttackTable.attacks(answers));
    }
    if (repetitions.size() == REPETITIONS) {
      assertUnchanged("repetitions", AttackTable.repetitions(repetitions));
    }
  }

  private static void assertUnchanged(String part, String text) throws IOException {
    assertThat(SecurityPage.replace(part, text))
        .as("docs/security.md said something else, and has been written anew")
        .isFalse();
  }

  @BeforeEach
  void listenAndSubmitAJob() throws SQLException {
    listen("dev.sluice.webhook", log);
    listen("metrics", metrics);
    jobs.put("external", function.insertJob("external", "k1"));
    genuine =
        new Genuine(
            function.insertJob("llamaparse", "k1"), function.keys, Clock.systemUTC().instant());
  }

  @AfterEach
  void stopListening() {
    ((Logger) LoggerFactory.getLogger("dev.sluice.webhook")).detachAppender(log);
    ((Logger) LoggerFactory.getLogger("metrics")).detachAppender(metrics);
  }

  static List<Attack> attacks() {
    return attacks;
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void isRefusedLikeAnyOtherAndChangesNothing(Attack attack) throws SQLException {
    var before = function.snapshot();
    var response = function.call(attack.call().apply(genuine));
    assertRefused(response);
    assertThat(reasons()).containsExactly(attack.reason());
    assertThat(metrics.list)
        .singleElement()
        .satisfies(
            line ->
                assertThat(line.getFormattedMessage())
                    .contains("\"reason\":\"" + attack.reason() + "\"", "\"WebhookRefused\":1"));
    assertThat(function.snapshot()).isEqualTo(before);
    assertThat(function.messages()).isEmpty();
    answers.put(attack, response.getStatusCode());
  }

  /** Without this the table would prove nothing. */
  @Test
  void theGenuineOneIsTaken() {
    assertThat(function.call(genuine.call()).getStatusCode()).isEqualTo(202);
    assertThat(function.messages()).hasSize(1);
    assertThat(metrics.list).isEmpty();
  }

  @Test
  void aReplayIsAnsweredLikeTheFirstAndChangesNothing() throws SQLException {
    var call = genuine.call();
    assertThat(function.call(call).getStatusCode()).isEqualTo(202);
    assertThat(function.messages()).hasSize(1);
    var before = function.snapshot();
    int answer = 0;
    for (int time = 0; time < 5; time++) {
      answer = function.call(call).getStatusCode();
      assertThat(answer).isEqualTo(202);
    }
    assertThat(function.snapshot()).isEqualTo(before);
    assertThat(function.messages()).isEmpty();
    repetitions.put("a replay, five times", answer + " | as the first; nothing changed");
  }

  @Test
  void anotherBodyUnderAUsedEventIdChangesNothing() throws SQLException {
    assertThat(function.call(genuine.call()).getStatusCode()).isEqualTo(202);
    assertThat(function.messages()).hasSize(1);
    var before = function.snapshot();
    var second = genuine.signed(genuine.body().replace("pjb-7", "pjb-8"));
    int answer = function.call(second).getStatusCode();
    assertThat(answer).isEqualTo(202);
    assertThat(function.snapshot()).isEqualTo(before);
    assertThat(function.messages()).isEmpty();
    repetitions.put(
        "another body, signed, under an event id that was used",
        answer + " | as the first; nothing changed");
  }

  @Test
  void whoFailsTooOftenForAJobIsHeldOffBeforeTheDatabaseIsAsked() {
    var wrong = genuine.without(Genuine.SIGNATURE);
    for (int time = 0; time <= FailedAttempts.MOST; time++) {
      assertRefused(function.call(wrong));
    }
    var reason = reasons().getLast();
    assertThat(reason).isEqualTo("source_limited");
    var elsewhere = genuine.call();
    assertThat(
            function
                .call(new Call(elsewhere.headers(), elsewhere.body(), false, "192.0.2.2"))
                .getStatusCode())
        .as("the parser, at its own address")
        .isEqualTo(202);
    assertThat(function.messages()).hasSize(1);
    repetitions.put(
        "the %dth failure for a job from one address within a minute"
            .formatted(FailedAttempts.MOST + 1),
        "401 | `%s`, before the database is asked; the parser's own, from its address, gets 202"
            .formatted(reason));
  }

  @Test
  void whoIsNotAmongTheAllowedSourcesIsRefused() throws IOException, SQLException {
    try (var strict = new WebhookFunction("198.51.100.0/24")) {
      var job = strict.insertJob("llamaparse", "k1");
      var call = new Genuine(job, strict.keys, Clock.systemUTC().instant()).call();
      assertRefused(strict.call(call));
      assertThat(reasons()).containsExactly("source_not_allowed");
      var inside = new Call(call.headers(), call.body(), false, "198.51.100.7");
      assertThat(strict.call(inside).getStatusCode()).isEqualTo(202);
      assertThat(strict.messages()).hasSize(1);
    }
    repetitions.put(
        "the genuine callback from an address outside `WebhookSources`",
        "401 | `source_not_allowed`; from inside it gets 202");
  }

  private List<String> reasons() {
    return log.list.stream().map(event -> event.getMDCPropertyMap().get("code")).toList();
  }

  private static void listen(String logger, ListAppender<ILoggingEvent> appender) {
    appender.start();
    ((Logger) LoggerFactory.getLogger(logger)).addAppender(appender);
  }

  private static void assertRefused(APIGatewayV2HTTPResponse response) {
    assertThat(response.getStatusCode()).isEqualTo(401);
    assertThat(response.getBody()).isEqualTo(REFUSAL);
    assertThat(response.getHeaders().get("Content-Type")).isEqualTo("application/problem+json");
  }
}
