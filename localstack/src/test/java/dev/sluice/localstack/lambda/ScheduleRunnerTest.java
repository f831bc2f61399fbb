package dev.sluice.localstack.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.lambda.InvocationResult.Failed;
import dev.sluice.localstack.lambda.InvocationResult.Succeeded;
import dev.sluice.localstack.template.ScheduleTrigger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScheduleRunnerTest {
  private static final LambdaSettings SETTINGS =
      LambdaSettings.of(
          Path.of("state"),
          Path.of("jars"),
          InstantSource.fixed(Instant.parse("2026-03-12T19:03:58.39Z")));

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private InvocationResult answer = new Succeeded(new byte[0]);

  private ScheduleRunner runner(Duration rate, int retries) {
    ScheduleTrigger trigger = new ScheduleTrigger("EveryMinute", rate, retries);
    return new ScheduleRunner("sweep", trigger, SETTINGS, this::invoke);
  }

  private InvocationResult invoke(byte[] event) {
    events.add(new String(event, UTF_8));
    return answer;
  }

  @Test
  void runsByItselfAgainAndAgainEvenIfTheFunctionFails() throws InterruptedException {
    answer = Failed.of("Runtime.ExitError", "gone");
    try (ScheduleRunner runner = runner(Duration.ofMillis(1), 0)) {
      runner.start(Duration.ofMillis(1));

      assertThat(events.poll(10, TimeUnit.SECONDS))
          .contains(
              "\"time\":\"2026-03-12T19:03:58Z\"",
              "\"detail\":\"{}\"",
              "schedule/default/EveryMinute");
      assertThat(events.poll(10, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void triesAFailedRunAgainAsOftenAsTheTemplateSays() throws InterruptedException {
    answer = Failed.of("Runtime.ExitError", "gone");
    try (ScheduleRunner runner = runner(Duration.ofMinutes(1), 2)) {
      assertThat(runner.fire()).isInstanceOf(Failed.class);
      assertThat(events).hasSize(3);
    }
  }
}
