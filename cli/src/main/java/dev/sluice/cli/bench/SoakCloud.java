package dev.sluice.cli.bench;

import dev.sluice.cli.api.Pause;
import dev.sluice.cli.api.SluiceApi;
import dev.sluice.cli.faults.ProviderAdmin;
import dev.sluice.localstack.CloudOptions;
import dev.sluice.localstack.CloudPorts;
import dev.sluice.localstack.LocalCloud;
import dev.sluice.localstack.fault.Faults;
import dev.sluice.localstack.fault.FunctionGates;
import dev.sluice.localstack.fault.FunctionGates.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A cloud of this clone for one level: beside {@code sluice up}, with a gate before every server,
 * else as people run it.
 */
final class SoakCloud implements AutoCloseable {
  /** What each function calls. */
  static final Map<String, Set<Server>> FUNCTIONS = functions();

  private static final Duration TOKEN_LIFETIME = Duration.ofDays(1);

  /** What a start would otherwise make anew: unpacked functions, and their class archives. */
  private static final String CODE = "functions";

  private static final List<QueueAttributeName> MESSAGES =
      List.of(
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);

  private final LocalCloud cloud;
  private final FunctionGates gates;
  private final Path state;

  private SoakCloud(LocalCloud cloud, FunctionGates gates, Path state) {
    this.cloud = cloud;
    this.gates = gates;
    this.state = state;
  }

  private static Map<String, Set<Server>> functions() {
    Map<String, Set<Server>> all = new LinkedHashMap<>();
    all.put("api", EnumSet.of(Server.POSTGRES, Server.OPENAI));
    all.put("webhook", EnumSet.of(Server.POSTGRES, Server.SQS));
    all.put("parse", EnumSet.of(Server.POSTGRES, Server.SQS, Server.S3, Server.LLAMAPARSE));
    all.put("validate", EnumSet.of(Server.POSTGRES, Server.SQS, Server.S3));
    all.put("chunk", EnumSet.of(Server.POSTGRES, Server.SQS, Server.S3));
    all.put("embed", EnumSet.of(Server.POSTGRES, Server.SQS, Server.OPENAI));
    all.put("finalize", EnumSet.of(Server.POSTGRES, Server.SQS));
    all.put("sweep", EnumSet.of(Server.POSTGRES, Server.SQS, Server.S3));
    return all;
  }

  /**
   * Starts one on free ports and empty state.
   *
   * @param root of the clone
   * @param environment DATABASE_URL and SLUICE_CLOUD in it are not heeded: a soak breaks what it
   *     uses
   */
  static SoakCloud start(Path root, Map<String, String> environment, SoakFolder folder, int level)
      throws IOException, InterruptedException {
    empty(folder.cloud());
    Path template = folder.cloud().resolve("template.yaml");
    Files.writeString(
        template, LevelTemplate.at(level, Files.readString(root.resolve("template.yaml")), root));
    Map<String, String> own = new TreeMap<>(environment);
    own.keySet().removeAll(Set.of("DATABASE_URL", "SLUICE_CLOUD"));
    CloudPorts ports = CloudPorts.free();
    FunctionGates gates = FunctionGates.open(FUNCTIONS, ports, new Faults());
    try {
      LocalCloud cloud =
          LocalCloud.start(
              CloudOptions.of(root, own)
                  .withState(folder.cloud(), ports)
                  .withTemplate(template)
                  .withFunctions(gates.environment(), List.of()));
      return new SoakCloud(cloud, gates, folder.cloud());
    } catch (IOException | InterruptedException | RuntimeException e) {
      gates.close();
      throw e;
    }
  }

  private static void empty(Path state) throws IOException {
    Files.createDirectories(state);
    try (var parts = Files.list(state)) {
      for (Path part : parts.filter(part -> !part.endsWith(CODE)).toList()) {
        delete(part);
      }
    }
  }

  private static void delete(Path part) throws IOException {
    try (var files = Files.walk(part)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  SluiceApi api(UUID user, Pause pause) {
    String token = cloud.issueToken(user, TOKEN_LIFETIME);
    return new SluiceApi(cloud.endpoints().api(), () -> token, pause);
  }

  FunctionGates gates() {
    return gates;
  }

  /** Where the simulated providers are told how to behave. */
  ProviderAdmin admin() {
    return new ProviderAdmin(cloud.endpoints().admin());
  }

  /** A session as superuser, for which the caller answers. */
  Connection connect() throws SQLException {
    return cloud.servers().postgres().superuser().connect("sluice");
  }

  /** What lies in the queues, by queue, hidden and delayed messages included; no empty queue. */
  Map<String, Integer> messages() {
    Map<String, Integer> all = new TreeMap<>();
    cloud
        .template()
        .queues()
        .forEach(
            queue -> {
              int count = count(cloud.servers().queueUrl(queue.arn()));
              if (count > 0) {
                all.put(queue.name(), count);
              }
            });
    return all;
  }

  private int count(String url) {
    return cloud
        .servers()
        .sqs()
        .getQueueAttributes(request -> request.queueUrl(url).attributeNames(MESSAGES))
        .attributes()
        .values()
        .stream()
        .mapToInt(Integer::parseInt)
        .sum();
  }

  /** Keeps the functions' logs, which the next start of a cloud would delete. */
  void keepLogs(Path to) throws IOException {
    Path logs = state.resolve("logs");
    if (Files.isDirectory(logs)) {
      if (Files.exists(to)) {
        delete(to);
      }
      Files.createDirectories(to.getParent());
      Files.move(logs, to, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Override
  public void close() {
    cloud.close();
    gates.close();
  }
}
