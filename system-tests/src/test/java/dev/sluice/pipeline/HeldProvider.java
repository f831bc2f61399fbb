package dev.sluice.pipeline;

import dev.sluice.simulator.http.Behaviour;
import dev.sluice.simulator.http.Reply;
import dev.sluice.simulator.openai.OpenAiOptions;
import dev.sluice.simulator.openai.OpenAiSimulator;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** An embedding provider that answers so many calls and then holds or refuses the rest. */
final class HeldProvider implements AutoCloseable {
  private static final Behaviour REFUSE =
      request ->
          Optional.of(
              Reply.json(
                  401,
                  Map.of(
                      "error", Map.of("message", "no", "type", "x", "code", "invalid_api_key"))));

  private final OpenAiSimulator simulator;
  private final AtomicInteger held = new AtomicInteger();
  private volatile Behaviour behaviour = Behaviour.GOOD;
  private volatile CountDownLatch latch = new CountDownLatch(0);

  HeldProvider() throws IOException {
    simulator =
        OpenAiSimulator.start(
            OpenAiOptions.defaults().withBehaviour(request -> behaviour.answerInstead(request)));
  }

  String url() {
    return simulator.baseUrl().toString();
  }

  /** Tokens that it has charged so far. */
  long charged() {
    return simulator.counters().tokens();
  }

  /** Calls that it has had so far. */
  long calls() {
    return simulator.counters().requests();
  }

  /** The next calls are answered, those that follow wait for {@link #release}. */
  void holdAfter(int calls) {
    var answered = new AtomicInteger();
    held.set(0);
    var until = new CountDownLatch(1);
    latch = until;
    behaviour =
        request -> {
          if (answered.incrementAndGet() > calls) {
            held.incrementAndGet();
            await(until);
          }
          return Optional.empty();
        };
  }

  /** The next calls are answered, those that follow refused. */
  void refuseAfter(int calls) {
    var answered = new AtomicInteger();
    behaviour =
        request ->
            answered.incrementAndGet() > calls ? REFUSE.answerInstead(request) : Optional.empty();
  }

  /** How many calls it holds. */
  int held() {
    return held.get();
  }

  void release() {
    behaviour = Behaviour.GOOD;
    latch.countDown();
  }

  private static void await(CountDownLatch until) {
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    release();
    simulator.close();
  }
}
