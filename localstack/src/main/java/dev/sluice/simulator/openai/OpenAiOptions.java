package dev.sluice.simulator.openai;

import dev.sluice.simulator.clock.Timer;
import dev.sluice.simulator.fault.Faults;
import dev.sluice.simulator.http.Behaviour;
import java.time.Clock;
import java.util.Set;

/**
 * How the embeddings simulator is set up.
 *
 * @param port the port on 127.0.0.1, 0 for any free one
 * @param apiKeys the bearer keys that are accepted
 * @param limits what the account may ask of each model in a minute, until it is told otherwise
 * @param behaviour asked before each request is answered
 * @param faults what goes wrong
 * @param clock what the limits are measured by
 */
public record OpenAiOptions(
    int port,
    Set<String> apiKeys,
    MinuteLimits limits,
    Behaviour behaviour,
    Faults faults,
    Clock clock) {

  /** Any free port, key {@code sk-local}, the published limits of a tier 5 account. */
  public static OpenAiOptions defaults() {
    return new OpenAiOptions(
        0,
        Set.of("sk-local"),
        MinuteLimits.TIER_5,
        Behaviour.GOOD,
        new Faults(Timer.REAL),
        Clock.systemUTC());
  }

  public OpenAiOptions withPort(int value) {
    return new OpenAiOptions(value, apiKeys, limits, behaviour, faults, clock);
  }

  public OpenAiOptions withApiKeys(Set<String> value) {
    return new OpenAiOptions(port, value, limits, behaviour, faults, clock);
  }

  public OpenAiOptions withLimits(MinuteLimits value) {
    return new OpenAiOptions(port, apiKeys, value, behaviour, faults, clock);
  }

  public OpenAiOptions withBehaviour(Behaviour value) {
    return new OpenAiOptions(port, apiKeys, limits, value, faults, clock);
  }

  public OpenAiOptions withClock(Clock value) {
    return new OpenAiOptions(port, apiKeys, limits, behaviour, faults, value);
  }

  public OpenAiOptions withFaults(Faults value) {
    return new OpenAiOptions(port, apiKeys, limits, behaviour, value, clock);
  }
}
