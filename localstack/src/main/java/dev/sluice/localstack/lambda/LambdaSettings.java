package dev.sluice.localstack.lambda;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How functions run on this machine.
 *
 * @param state folder for unzipped functions, logs and the records of running processes
 * @param runtimeJars folder of the runtime interface client and what it needs
 * @param environment for every function, beside what its template gives: endpoints and credentials
 * @param functionEnvironment more for single functions, by their name
 * @param jvmOptions for every function's process, before all others
 * @param terminal receives each log line with the function's name before it
 * @param idleLifetime after which a process without work ends
 * @param concurrency the most processes of a function that neither the template nor a queue limits
 * @param patience for how long events must have been waiting for busy processes before one more is
 *     started; a start costs seconds of the few cores that a machine has
 * @param initTimeout for a process to become ready. Lambda allows 10 s with the cores to itself
 * @param runtimeRoute by which the processes reach their Runtime API
 * @param longPoll how long a receive waits for a message; zero for tests that say when to look
 */
public record LambdaSettings(
    Path state,
    Path runtimeJars,
    String region,
    String accountId,
    Map<String, String> environment,
    Map<String, Map<String, String>> functionEnvironment,
    List<String> jvmOptions,
    Consumer<String> terminal,
    Duration idleLifetime,
    int concurrency,
    Duration patience,
    Duration initTimeout,
    InstantSource clock,
    RuntimeRoute runtimeRoute,
    Duration longPoll) {

  public LambdaSettings {
    environment = Map.copyOf(environment);
    functionEnvironment = Map.copyOf(functionEnvironment);
    jvmOptions = List.copyOf(jvmOptions);
  }

  /** Five minutes idle, four processes, two seconds of patience, 60 s to start, no terminal. */
  public static LambdaSettings of(Path state, Path runtimeJars, InstantSource clock) {
    return new LambdaSettings(
        state,
        runtimeJars,
        "eu-west-1",
        "000000000000",
        Map.of(),
        Map.of(),
        List.of(),
        line -> {},
        Duration.ofMinutes(5),
        4,
        Duration.ofSeconds(2),
        Duration.ofSeconds(60),
        clock,
        RuntimeRoute.DIRECT,
        EventSourceMapping.LONG_POLL);
  }

  public LambdaSettings withEnvironment(
      Map<String, String> all, Map<String, Map<String, String>> byFunction) {
    return new LambdaSettings(
        state,
        runtimeJars,
        region,
        accountId,
        all,
        byFunction,
        jvmOptions,
        terminal,
        idleLifetime,
        concurrency,
        patience,
        initTimeout,
        clock,
        runtimeRoute,
        longPoll);
  }

  public LambdaSettings withJvmOptions(List<String> options) {
    return new LambdaSettings(
        state,
        runtimeJars,
        region,
        accountId,
        environment,
        functionEnvironment,
        options,
        terminal,
        idleLifetime,
        concurrency,
        patience,
        initTimeout,
        clock,
        runtimeRoute,
        longPoll);
  }

  public LambdaSettings withTerminal(Consumer<String> lines) {
    return new LambdaSettings(
        state,
        runtimeJars,
        region,
        accountId,
        environment,
        functionEnvironment,
        jvmOptions,
        lines,
        idleLifetime,
        concurrency,
        patience,
        initTimeout,
        clock,
        runtimeRoute,
        longPoll);
  }

  /** For tests: between the processes and their Runtime API, and when queues are looked into. */
  public LambdaSettings withSeams(RuntimeRoute route, Duration poll) {
    return new LambdaSettings(
        state,
        runtimeJars,
        region,
        accountId,
        environment,
        functionEnvironment,
        jvmOptions,
        terminal,
        idleLifetime,
        concurrency,
        patience,
        initTimeout,
        clock,
        route,
        poll);
  }

  LambdaSettings withTimes(Duration idle, Duration newPatience) {
    return new LambdaSettings(
        state,
        runtimeJars,
        region,
        accountId,
        environment,
        functionEnvironment,
        jvmOptions,
        terminal,
        idle,
        concurrency,
        newPatience,
        initTimeout,
        clock,
        runtimeRoute,
        longPoll);
  }

  String functionArn(String name) {
    return "arn:aws:lambda:%s:%s:function:%s".formatted(region, accountId, name);
  }
}
