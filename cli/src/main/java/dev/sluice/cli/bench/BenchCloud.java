package dev.sluice.cli.bench;

import dev.sluice.cli.api.Pause;
import dev.sluice.cli.api.SluiceApi;
import dev.sluice.cli.faults.ProviderAdmin;
import dev.sluice.localstack.CloudEndpoints;
import dev.sluice.localstack.CloudOptions;
import dev.sluice.localstack.CloudPorts;
import dev.sluice.localstack.LocalCloud;
import dev.sluice.localstack.postgres.PostgresAddress;
import dev.sluice.localstack.template.CloudTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A cloud of this clone for a measurement: beside {@code sluice up}, else as people run it. */
final class BenchCloud implements AutoCloseable {
  private static final Duration TOKEN_LIFETIME = Duration.ofDays(1);
  private static final String DATABASE = "sluice";

  /** What a start would otherwise make anew: unpacked functions, and their class archives. */
  private static final String CODE = "functions";

  private static final List<QueueAttributeName> MESSAGES =
      List.of(
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);

  private final LocalCloud cloud;
  private final Path state;

  private BenchCloud(LocalCloud cloud, Path state) {
    this.cloud = cloud;
    this.state = state;
  }

  /** Starts one on free ports and empty state, as the template has it. */
  static BenchCloud start(BenchSite site) throws IOException, InterruptedException {
    empty(site.cloud());
    return start(site, CloudPorts.free(), options -> options);
  }

  /** The same with so many concurrent executions of each function. */
  static BenchCloud start(BenchSite site, int executions) throws IOException, InterruptedException {
    return start(site, executions, CloudPorts.free(), options -> options);
  }

  static BenchCloud start(
      BenchSite site, int executions, CloudPorts ports, UnaryOperator<CloudOptions> more)
      throws IOException, InterruptedException {
    empty(site.cloud());
    Path template = site.cloud().resolve("template.yaml");
    String shipped = Files.readString(site.root().resolve("template.yaml"));
    Files.writeString(template, LevelTemplate.at(executions, shipped, site.root()));
    return start(site, ports, options -> more.apply(options.withTemplate(template)));
  }

  /** DATABASE_URL and SLUICE_CLOUD are not heeded: a measurement breaks and fills what it uses. */
  private static BenchCloud start(
      BenchSite site, CloudPorts ports, UnaryOperator<CloudOptions> more)
      throws IOException, InterruptedException {
    Map<String, String> own = new TreeMap<>(site.environment());
    own.keySet().removeAll(Set.of("DATABASE_URL", "SLUICE_CLOUD"));
    CloudOptions options = CloudOptions.of(site.root(), own).withState(site.cloud(), ports);
    return new BenchCloud(LocalCloud.start(more.apply(options)), site.cloud());
  }

  private static void empty(Path state) throws IOException {
    Files.createDirectories(state);
    try (var parts = Files.list(state)) {
      for (Path part : parts.filter(part -> !part.endsWith(CODE)).toList()) {
        Folders.delete(part);
      }
    }
  }

  SluiceApi api(UUID user, Pause pause) {
    String token = cloud.issueToken(user, TOKEN_LIFETIME);
    return new SluiceApi(cloud.endpoints().api(), () -> token, pause);
  }

  CloudEndpoints endpoints() {
    return cloud.endpoints();
  }

  CloudTemplate template() {
    return cloud.template();
  }

  /** Where the simulated providers are told how to behave. */
  ProviderAdmin admin() {
    return new ProviderAdmin(cloud.endpoints().admin());
  }

  /** The database's server, as its superuser. */
  PostgresAddress postgres() {
    return cloud.servers().postgres().superuser();
  }

  /** A session as superuser, for which the caller answers. */
  Connection connect() throws SQLException {
    return postgres().connect(DATABASE);
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
        Folders.delete(to);
      }
      Files.createDirectories(to.getParent());
      Files.move(logs, to, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Override
  public void close() {
    cloud.close();
  }
}
