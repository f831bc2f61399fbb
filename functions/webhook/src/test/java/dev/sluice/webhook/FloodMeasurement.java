package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.callback.CallbackHeader;
import dev.sluice.localstack.SecurityPage;
import dev.sluice.webhook.WebhookFunction.Call;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a flood of bad callbacks does to good ones. It measures and judges nothing, so it is no part
 * of a test run: {@code mvn test -pl functions/webhook -am -Dtest=FloodMeasurement
 * -Dsurefire.failIfNoSpecifiedTests=false} writes what it finds into {@code docs/security.md}.
 */
@Tag("servers")
class FloodMeasurement {
  private static final int GOOD_CALLS = 100;
  private static final int FLOODING_THREADS = 2;
  private static final int WARM_UP = 100;

  private final List<String> rows = new ArrayList<>();
  private int event;

  /** Times of the good calls, and how many bad ones ended meanwhile. */
  private record Run(long[] sortedNanos, Duration lasted, long badCalls) {
    double milliseconds(int percentile) {
      return sortedNanos[sortedNanos.length * percentile / 100] / 1e6;
    }

    double badCallsASecond() {
      return badCalls / (lasted.toNanos() / 1e9);
    }
  }

  @Test
  void measure() throws Exception {
    try (var function = new WebhookFunction()) {
      var genuine =
          new Genuine(
              function.insertJob("llamaparse", "k1"), function.keys, Clock.systemUTC().instant());
      var warmUp = run(function, genuine, WARM_UP, () -> genuine.with(HEADER, "let me in"));
      assertThat(warmUp.badCalls()).isPositive();
      var alone = run(function, genuine, GOOD_CALLS, null);
      note("nothing", alone, alone);
      note("strangers", run(function, genuine, GOOD_CALLS, () -> stranger(genuine)), alone);
      var thief = genuine.signedWith("0".repeat(64));
      note("a thief of a header", run(function, genuine, GOOD_CALLS, () -> thief), alone);
    }
    write();
  }

  private static final String HEADER = CallbackHeader.NAME.toLowerCase(Locale.ROOT);

  private static Call stranger(Genuine genuine) {
    return genuine.with(HEADER, genuine.header().replaceFirst(".{4}$", "AAAA"));
  }

  private Run run(
      WebhookFunction function, Genuine genuine, int calls, @Nullable Supplier<Call> bad)
      throws InterruptedException {
    var over = new AtomicBoolean();
    var ended = new LongAdder();
    var threads = new ArrayList<Thread>();
    for (int at = 0; bad != null && at < FLOODING_THREADS; at++) {
      threads.add(Thread.ofPlatform().start(() -> flood(function, bad, over, ended)));
    }
    long start = System.nanoTime();
    var nanos = LongStream.range(0, calls).map(at -> goodCall(function, genuine)).sorted();
    var sorted = nanos.toArray();
    var lasted = Duration.ofNanos(System.nanoTime() - start);
    over.set(true);
    for (var thread : threads) {
      thread.join();
    }
    return new Run(sorted, lasted, ended.sum());
  }

  private static void flood(
      WebhookFunction function, Supplier<Call> bad, AtomicBoolean over, LongAdder ended) {
    while (!over.get()) {
      assertThat(function.call(bad.get()).getStatusCode()).isEqualTo(401);
      ended.increment();
    }
  }

  /** From an address of its own, as the parser's is. */
  private long goodCall(WebhookFunction function, Genuine genuine) {
    var eventId = "g-" + event++;
    var call = genuine.signed(genuine.body().replace("e-1", eventId));
    call.headers().put("x-webhook-event-id", eventId);
    var good = new Call(call.headers(), call.body(), false, "198.51.100.1");
    long start = System.nanoTime();
    assertThat(function.call(good).getStatusCode()).isEqualTo(202);
    return System.nanoTime() - start;
  }

  private void note(String beside, Run run, Run alone) {
    rows.add(
        "| %s | %.0f | %.1f ms | %.1f ms | %.2f |\n"
            .formatted(
                beside,
                run.badCallsASecond(),
                run.milliseconds(50),
                run.milliseconds(99),
                run.milliseconds(50) / alone.milliseconds(50)));
  }

  private void write() throws IOException {
    var table =
        """
        | Beside the good ones | Bad calls a second | Good: median | 99 of 100 within | Median, as a ratio |
        |---|---:|---:|---:|---:|
        """
            + String.join("", rows);
    var changed = SecurityPage.replace("flood", table);
    assertThat(changed).as("measured numbers are never the same twice").isTrue();
  }
}
