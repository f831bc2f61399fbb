package dev.sluice.localstack;

import dev.sluice.localstack.gateway.Gateway;
import dev.sluice.localstack.gateway.LocalIssuer;
import dev.sluice.localstack.lambda.LambdaSettings;
import dev.sluice.localstack.lambda.LocalLambda;
import dev.sluice.localstack.template.CloudTemplate;
import dev.sluice.localstack.template.FunctionDefinition;
import dev.sluice.localstack.template.LocalNames;
import dev.sluice.localstack.template.RouteTrigger;
import dev.sluice.localstack.template.TemplateReader;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * The template's cloud, running on this machine until it is closed or the process ends. What is
 * stored survives both, and a kill.
 */
public final class LocalCloud implements AutoCloseable {
  /** The user whom the local tokens name when nobody else is asked for. */
  public static final UUID DEFAULT_USER = UUID.fromString("00000000-0000-4000-8000-000000000001");

  private static final String AUDIENCE = "sluice";
  private static final Duration RECORDED_TOKEN = Duration.ofDays(30);

  private final StartUp running;
  private final CloudServers servers;
  private final CloudTemplate template;
  private final CloudEndpoints endpoints;
  private final LocalIssuer issuer;
  private final LocalLambda lambda;
  private final Thread hook;

  private LocalCloud(
      StartUp running,
      CloudServers servers,
      CloudTemplate template,
      CloudEndpoints endpoints,
      LocalIssuer issuer,
      LocalLambda lambda) {
    this.running = running;
    this.servers = servers;
    this.template = template;
    this.endpoints = endpoints;
    this.issuer = issuer;
    this.lambda = lambda;
    this.hook = new Thread(running::close, "stop-local-cloud");
  }

  /**
   * Starts everything; returns when the API answers.
   *
   * @throws LocalCloudException if it cannot, with a sentence that says why
   * @throws IOException if a zip or the runtime is not built, or the disk refuses
   */
  public static LocalCloud start(CloudOptions options) throws IOException, InterruptedException {
    StartUp running = new StartUp(options.progress());
    // A Ctrl-C while it starts ends what has started.
    Thread halfStarted = new Thread(running::close, "stop-half-started-cloud");
    Runtime.getRuntime().addShutdownHook(halfStarted);
    try {
      LocalCloud cloud = start(options, running);
      Runtime.getRuntime().addShutdownHook(cloud.hook);
      removeHook(halfStarted);
      cloud.warm(options);
      return cloud;
    } catch (IOException | InterruptedException | RuntimeException e) {
      running.close();
      removeHook(halfStarted);
      throw e;
    }
  }

  private static LocalCloud start(CloudOptions options, StartUp running)
      throws IOException, InterruptedException {
    running.keep("the state folder's lock", StateLock.acquire(options.state()));
    options.ports().demandFree(options.services().isEmpty());
    // Only the functions need the database's address, which is known when it runs.
    CloudTemplate draft = read(options, "jdbc:postgresql:");
    CompletableFuture<?> code =
        running.begin("code", () -> LocalLambda.unzip(draft, options.state()));
    CloudServers servers = CloudServers.start(options, draft, running);
    StartUp.join(code);
    CloudTemplate template = read(options, servers.jdbc());
    LocalIssuer issuer =
        LocalIssuer.of(options.state(), gateway(options).toString(), options.clock());
    LocalLambda lambda =
        running.timedStart(
            "functions",
            () ->
                LocalLambda.start(template, settings(options, servers), options.ports().lambda()));
    Gateway gateway =
        running.timedStart(
            "gateway",
            () ->
                Gateway.start(
                    options.ports().gateway(),
                    template,
                    issuer,
                    lambda::invoke,
                    Gateway.INTEGRATION_TIMEOUT,
                    options.clock()));
    lambda.startMappings(template, servers.sqs(), servers::queueUrl);
    lambda.startSchedules(template, options.schedules());
    CloudEndpoints endpoints = servers.endpoints(gateway.uri(), lambda.uri());
    String token = issuer.issueToken(DEFAULT_USER, AUDIENCE, RECORDED_TOKEN);
    CloudRecord.ofThisProcess(endpoints, token).write(options.state());
    running.keep("the cloud's record", () -> CloudRecord.remove(options.state()));
    return new LocalCloud(running, servers, template, endpoints, issuer, lambda);
  }

  private static CloudTemplate read(CloudOptions options, String jdbc) throws IOException {
    CloudPorts ports = options.ports();
    Map<String, String> parameters = new HashMap<>(TemplateParameters.given(options.environment()));
    parameters.put("DatabaseUrl", jdbc);
    parameters.put("JwtIssuer", gateway(options).toString());
    parameters.put("JwtAudience", AUDIENCE);
    parameters.putAll(Providers.parameters(options));
    URI sqs = options.services().orElse(URI.create("http://127.0.0.1:" + ports.sqs()));
    return TemplateReader.read(
        options.template(), LocalNames.of(sqs, gateway(options), parameters));
  }

  private static URI gateway(CloudOptions options) {
    return URI.create("http://127.0.0.1:" + options.ports().gateway());
  }

  private static LambdaSettings settings(CloudOptions options, CloudServers servers) {
    return LambdaSettings.of(options.state(), options.runtimeJars(), options.clock())
        .withEnvironment(servers.functionEnvironment(), options.functionEnvironment())
        .withJvmOptions(options.jvmOptions())
        .withTerminal(options.terminal())
        .withSeams(options.seams().runtimeRoute(), options.seams().longPoll());
  }

  /**
   * One after the other in the order of the template, in which a document needs them: a function
   * that is called before its turn starts beside. What users call is waited for, since on a busy
   * machine a start may take longer than the gateway's 30 s.
   */
  private void warm(CloudOptions options) throws InterruptedException {
    if (!options.warm()) {
      return;
    }
    List<String> others = new ArrayList<>();
    for (FunctionDefinition function : template.functions()) {
      if (function.routeTriggers().stream().anyMatch(RouteTrigger::authorized)) {
        lambda.warm(function.name());
      } else {
        others.add(function.name());
      }
    }
    Thread.ofVirtual().name("warm").start(() -> warm(others));
  }

  private void warm(List<String> functions) {
    try {
      for (String function : functions) {
        lambda.warm(function);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public CloudEndpoints endpoints() {
    return endpoints;
  }

  public CloudTemplate template() {
    return template;
  }

  /** The servers and simulators under the functions. */
  public CloudServers servers() {
    return servers;
  }

  public LocalLambda lambda() {
    return lambda;
  }

  /** A token with which the user can call the API. */
  public String issueToken(UUID user, Duration validity) {
    return issuer.issueToken(user, AUDIENCE, validity);
  }

  /** Ends everything in reverse; a second call does nothing. */
  @Override
  public void close() {
    running.close();
    removeHook(hook);
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook is what runs.
    }
  }
}
