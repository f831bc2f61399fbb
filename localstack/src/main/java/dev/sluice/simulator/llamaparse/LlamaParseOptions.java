package dev.sluice.simulator.llamaparse;

import dev.sluice.simulator.clock.Timer;
import dev.sluice.simulator.fault.Faults;
import dev.sluice.simulator.http.Behaviour;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the parsing simulator is set up.
 *
 * @param port the port on 127.0.0.1, 0 for any free one
 * @param stateDirectory where jobs, sources and results outlive the process
 * @param apiKeys the bearer keys that are accepted
 * @param creditsPerPage what a page costs in each tier
 * @param credits what the account has; submissions are refused with 402 when it is used up
 * @param submissionsPerSecond more are refused with 429
 * @param parallelParses how many documents are parsed at once
 * @param retention how long a job, its source and its result are kept
 * @param resultUrlLifetime how long the address of a result works
 * @param callbackWaits the pauses after the first and each further failed attempt of a callback;
 *     one attempt more than pauses is made
 * @param behaviour asked before each request is answered
 * @param faults what goes wrong
 * @param timer what is waited for by
 * @param clock the time of jobs, retention and addresses
 */
public record LlamaParseOptions(
    int port,
    Path stateDirectory,
    Set<String> apiKeys,
    Map<Tier, Integer> creditsPerPage,
    long credits,
    int submissionsPerSecond,
    int parallelParses,
    Duration retention,
    Duration resultUrlLifetime,
    List<Duration> callbackWaits,
    Behaviour behaviour,
    Faults faults,
    Timer timer,
    Clock clock) {

  private static final Map<Tier, Integer> PUBLISHED_CREDITS =
      Map.of(Tier.FAST, 1, Tier.COST_EFFECTIVE, 3, Tier.AGENTIC, 10, Tier.AGENTIC_PLUS, 45);

  /** Any free port, key {@code llx-local}, and the provider's limits as PROVIDERS.md gives them. */
  public static LlamaParseOptions defaults(Path stateDirectory) {
    return new LlamaParseOptions(
        0,
        stateDirectory,
        Set.of("llx-local"),
        PUBLISHED_CREDITS,
        10_000_000,
        50,
        2,
        Duration.ofHours(48),
        Duration.ofMinutes(15),
        List.of(Duration.ofSeconds(1), Duration.ofSeconds(2)),
        Behaviour.GOOD,
        new Faults(Timer.REAL),
        Timer.REAL,
        Clock.systemUTC());
  }

  public LlamaParseOptions withPort(int value) {
    return new LlamaParseOptions(
        value,
        stateDirectory,
        apiKeys,
        creditsPerPage,
        credits,
        submissionsPerSecond,
        parallelParses,
        retention,
        resultUrlLifetime,
        callbackWaits,
        behaviour,
        faults,
        timer,
        clock);
  }

  public LlamaParseOptions withApiKeys(Set<String> value) {
    return new LlamaParseOptions(
        port,
        stateDirectory,
        value,
        creditsPerPage,
        credits,
        submissionsPerSecond,
        parallelParses,
        retention,
        resultUrlLifetime,
        callbackWaits,
        behaviour,
        faults,
        timer,
        clock);
  }

  public LlamaParseOptions withCredits(long value) {
    return new LlamaParseOptions(
        port,
        stateDirectory,
        apiKeys,
        creditsPerPage,
        value,
        submissionsPerSecond,
        parallelParses,
        retention,
        resultUrlLifetime,
        callbackWaits,
        behaviour,
        faults,
        timer,
        clock);
  }

  public LlamaParseOptions withSubmissionsPerSecond(int value) {
    return new LlamaParseOptions(
        port,
        stateDirectory,
        apiKeys,
        creditsPerPage,
        credits,
        value,
        parallelParses,
        retention,
        resultUrlLifetime,
        callbackWaits,
        behaviour,
        faults,
        timer,
        clock);
  }

  public LlamaParseOptions withCallbackWaits(List<Duration> value) {
    return new LlamaParseOptions(
        port,
        stateDirectory,
        apiKeys,
        creditsPerPage,
        credits,
        submissionsPerSecond,
        parallelParses,
        retention,
        resultUrlLifetime,
        value,
        behaviour,
        faults,
        timer,
        clock);
  }

  public LlamaParseOptions withBehaviour(Behaviour value) {
    return new LlamaParseOptions(
        port,
        stateDirectory,
        apiKeys,
        creditsPerPage,
        credits,
        submissionsPerSecond,
        parallelParses,
        retention,
        resultUrlLifetime,
        callbackWaits,
        value,
        faults,
        timer,
        clock);
  }

  public LlamaParseOptions withClock(Clock value) {
    return new LlamaParseOptions(
        port,
        stateDirectory,
        apiKeys,
        creditsPerPage,
        credits,
        submissionsPerSecond,
        parallelParses,
        retention,
        resultUrlLifetime,
        callbackWaits,
        behaviour,
        faults,
        timer,
        value);
  }

  public LlamaParseOptions withFaults(Faults value) {
    return new LlamaParseOptions(
        port,
        stateDirectory,
        apiKeys,
        creditsPerPage,
        credits,
        submissionsPerSecond,
        parallelParses,
        retention,
        resultUrlLifetime,
        callbackWaits,
        behaviour,
        value,
        timer,
        clock);
  }

  public LlamaParseOptions withTimer(Timer value) {
    return new LlamaParseOptions(
        port,
        stateDirectory,
        apiKeys,
        creditsPerPage,
        credits,
        submissionsPerSecond,
        parallelParses,
        retention,
        resultUrlLifetime,
        callbackWaits,
        behaviour,
        faults,
        value,
        clock);
  }
}
