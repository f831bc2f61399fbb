package dev.sluice.localstack;

import dev.sluice.localstack.real.RealServices;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a local cloud is started.
 *
 * @param template the SAM template; its folder is where the functions' zips are looked for
 * @param state folder for all that outlives a run
 * @param ports to listen on
 * @param environment of the process, read for DATABASE_URL and the like
 * @param functionEnvironment more variables for single functions, by their name
 * @param jvmOptions for every function's process, such as an agent
 * @param runtimeJars folder of Lambda's runtime interface client
 * @param terminal receives each line of the functions' logs
 * @param warm whether one process of each function is started ahead
 * @param schedules whether schedules run by themselves; tests fire them
 * @param durable false only for tests: the database then does not wait for the disk
 * @param services an endpoint that has SQS, S3 and Secrets Manager in the place of our servers:
 *     LocalStack, as {@code SLUICE_CLOUD=localstack} says, at AWS_ENDPOINT_URL or on the port that
 *     our SQS would have. It needs Docker and could not be run on the machines where this was
 *     written
 * @param progress hears what was started and how long it took
 * @param seams where a test stands between the parts; nothing of it otherwise
 * @param simulators how the simulated providers behave from the start
 * @param real which providers are not simulated, and what may be spent on them
 */
public record CloudOptions(
    Path template,
    Path state,
    CloudPorts ports,
    Map<String, String> environment,
    Map<String, Map<String, String>> functionEnvironment,
    List<String> jvmOptions,
    Path runtimeJars,
    Consumer<String> terminal,
    boolean warm,
    boolean schedules,
    boolean durable,
    Optional<URI> services,
    Progress progress,
    Clock clock,
    TestSeams seams,
    SimulatorOptions simulators,
    RealServices real) {

  /** Hears of each step of a start. */
  @FunctionalInterface
  public interface Progress {
    /**
     * A step is done.
     *
     * @param step in a few words
     */
    void done(String step, Duration took);

    /**
     * A step takes long, as the first start of a database does.
     *
     * @param what it waits for, in a few words
     */
    default void waiting(String what) {}
  }

  public CloudOptions {
    template = template.toAbsolutePath().normalize();
    state = state.toAbsolutePath().normalize();
    environment = Map.copyOf(environment);
    functionEnvironment = Map.copyOf(functionEnvironment);
    jvmOptions = List.copyOf(jvmOptions);
  }

  /**
   * The cloud of a clone of this repository: its template, {@code .sluice}, the ports from
   * SLUICE_PORT or 7080 on, durable, warm, schedules running.
   *
   * @param environment normally {@link System#getenv()}
   */
  public static CloudOptions of(Path root, Map<String, String> environment) {
    return new CloudOptions(
        root.resolve("template.yaml"),
        root.resolve(".sluice"),
        CloudPorts.from(firstPort(environment)),
        environment,
        Map.of(),
        List.of(),
        root.resolve("localstack").resolve("target").resolve("lambda-runtime"),
        line -> {},
        true,
        true,
        true,
        services(environment),
        (step, took) -> {},
        Clock.systemUTC(),
        TestSeams.NONE,
        SimulatorOptions.GOOD,
        RealServices.NONE);
  }

  private static int firstPort(Map<String, String> environment) {
    String port = environment.getOrDefault("SLUICE_PORT", "");
    try {
      return port.isBlank() ? CloudPorts.DEFAULT_FIRST : Integer.parseInt(port.strip());
    } catch (NumberFormatException e) {
      throw new LocalCloudException(
          "SLUICE_PORT must be a port number, not '%s'.".formatted(port), e);
    }
  }

  private static Optional<URI> services(Map<String, String> environment) {
    return switch (environment.getOrDefault("SLUICE_CLOUD", "")) {
      case "" -> Optional.empty();
      case "localstack" ->
          Optional.of(
              URI.create(
                  environment.getOrDefault(
                      "AWS_ENDPOINT_URL",
                      "http://127.0.0.1:" + CloudPorts.from(firstPort(environment)).sqs())));
      case String other ->
          throw new LocalCloudException(
              "SLUICE_CLOUD may only be 'localstack', not '%s'.".formatted(other));
    };
  }

  /**
   * For tests: another state folder, free ports, no waiting for the disk, nothing that runs by
   * itself.
   */
  public CloudOptions forTest(Path testState, CloudPorts testPorts) {
    return new CloudOptions(
        template,
        testState,
        testPorts,
        environment,
        functionEnvironment,
        jvmOptions,
        runtimeJars,
        terminal,
        false,
        false,
        false,
        services,
        progress,
        clock,
        seams,
        simulators,
        real);
  }

  /** Beside another cloud of this clone: its own state folder and ports, else the same. */
  public CloudOptions withState(Path otherState, CloudPorts otherPorts) {
    return new CloudOptions(
        template,
        otherState,
        otherPorts,
        environment,
        functionEnvironment,
        jvmOptions,
        runtimeJars,
        terminal,
        warm,
        schedules,
        durable,
        services,
        progress,
        clock,
        seams,
        simulators,
        real);
  }

  public CloudOptions withFunctions(
      Map<String, Map<String, String>> newEnvironment, List<String> newJvmOptions) {
    return new CloudOptions(
        template,
        state,
        ports,
        environment,
        newEnvironment,
        newJvmOptions,
        runtimeJars,
        terminal,
        warm,
        schedules,
        durable,
        services,
        progress,
        clock,
        seams,
        simulators,
        real);
  }

  public CloudOptions withTerminal(Consumer<String> lines) {
    return new CloudOptions(
        template,
        state,
        ports,
        environment,
        functionEnvironment,
        jvmOptions,
        runtimeJars,
        lines,
        warm,
        schedules,
        durable,
        services,
        progress,
        clock,
        seams,
        simulators,
        real);
  }

  public CloudOptions withProgress(Progress listener) {
    return new CloudOptions(
        template,
        state,
        ports,
        environment,
        functionEnvironment,
        jvmOptions,
        runtimeJars,
        terminal,
        warm,
        schedules,
        durable,
        services,
        listener,
        clock,
        seams,
        simulators,
        real);
  }

  public CloudOptions withWarm(boolean ahead) {
    return new CloudOptions(
        template,
        state,
        ports,
        environment,
        functionEnvironment,
        jvmOptions,
        runtimeJars,
        terminal,
        ahead,
        schedules,
        durable,
        services,
        progress,
        clock,
        seams,
        simulators,
        real);
  }

  /** For tests of what happens when something between the parts goes wrong, or late. */
  public CloudOptions withSeams(TestSeams newSeams) {
    return new CloudOptions(
        template,
        state,
        ports,
        environment,
        functionEnvironment,
        jvmOptions,
        runtimeJars,
        terminal,
        warm,
        schedules,
        durable,
        services,
        progress,
        clock,
        newSeams,
        simulators,
        real);
  }

  /** Another template, such as one with shorter timeouts. */
  public CloudOptions withTemplate(Path other) {
    return new CloudOptions(
        other,
        state,
        ports,
        environment,
        functionEnvironment,
        jvmOptions,
        runtimeJars,
        terminal,
        warm,
        schedules,
        durable,
        services,
        progress,
        clock,
        seams,
        simulators,
        real);
  }

  public CloudOptions withSimulators(SimulatorOptions behaving) {
    return new CloudOptions(
        template,
        state,
        ports,
        environment,
        functionEnvironment,
        jvmOptions,
        runtimeJars,
        terminal,
        warm,
        schedules,
        durable,
        services,
        progress,
        clock,
        seams,
        behaving,
        real);
  }

  /** Some providers, or all, are the real ones. */
  public CloudOptions withReal(RealServices newReal) {
    return new CloudOptions(
        template,
        state,
        ports,
        environment,
        functionEnvironment,
        jvmOptions,
        runtimeJars,
        terminal,
        warm,
        schedules,
        durable,
        services,
        progress,
        clock,
        seams,
        simulators,
        newReal);
  }
}
