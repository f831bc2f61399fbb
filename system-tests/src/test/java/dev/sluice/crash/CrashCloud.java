package dev.sluice.crash;

import dev.sluice.localstack.CloudOptions;
import dev.sluice.localstack.CloudPorts;
import dev.sluice.localstack.LocalCloud;
import dev.sluice.localstack.LocalCloudException;
import dev.sluice.localstack.TestSeams;
import dev.sluice.localstack.fault.Faults;
import dev.sluice.localstack.fault.FunctionGates;
import dev.sluice.localstack.fault.FunctionGates.Server;
import dev.sluice.localstack.fault.PipelineClock;
import dev.sluice.localstack.lambda.InvocationResult;
import dev.sluice.pipeline.Clouds;
import dev.sluice.pipeline.OwnParser;
import dev.sluice.postgres.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The real template's cloud with a gate before every server, and a clock that can be moved on. */
final class CrashCloud implements AutoCloseable {
  /** In the order in which a document meets them. */
  static final Map<String, Set<Server>> FUNCTIONS = functions();

  private static final int STARTS = 5;

  final LocalCloud cloud;
  final FunctionGates gates;
  final Faults faults;
  final PipelineClock clock;
  final Path state;
  private @Nullable Connection database;
  private final List<String> queues;
  private final @Nullable OwnParser parser;
  private boolean databaseAway;

  private CrashCloud(
      LocalCloud cloud,
      FunctionGates gates,
      Faults faults,
      PipelineClock clock,
      Path state,
      @Nullable OwnParser parser) {
    this.parser = parser;
    this.cloud = cloud;
    this.gates = gates;
    this.faults = faults;
    this.clock = clock;
    this.state = state;
    this.queues = cloud.template().queues().stream().map(queue -> queue.name()).toList();
  }

  private static Map<String, Set<Server>> functions() {
    var all = new LinkedHashMap<String, Set<Server>>();
    all.put("api", EnumSet.of(Server.POSTGRES, Server.SECRETS, Server.SQS, Server.OPENAI));
    all.put(
        "parse",
        EnumSet.of(Server.POSTGRES, Server.SECRETS, Server.SQS, Server.S3, Server.LLAMAPARSE));
    all.put("webhook", EnumSet.of(Server.POSTGRES, Server.SECRETS, Server.SQS, Server.S3));
    all.put("validate", EnumSet.of(Server.POSTGRES, Server.SECRETS, Server.SQS, Server.S3));
    all.put("chunk", EnumSet.of(Server.POSTGRES, Server.SECRETS, Server.SQS, Server.S3));
    all.put("embed", EnumSet.of(Server.POSTGRES, Server.SECRETS, Server.SQS, Server.OPENAI));
    all.put("finalize", EnumSet.of(Server.POSTGRES, Server.SECRETS, Server.SQS));
    all.put("sweep", EnumSet.of(Server.POSTGRES, Server.SECRETS, Server.SQS, Server.S3));
    return all;
  }

  /**
   * @param more environment of single functions
   */
  static CrashCloud start(Path state, Path template, Map<String, Map<String, String>> more)
      throws Exception {
    return start(state, template, more, null);
  }

  /** With a parser of one's own in LlamaParse's place. */
  static CrashCloud start(Path state, OwnParser parser) throws Exception {
    return start(state, Clouds.ROOT.resolve("template.yaml"), Map.of(), parser);
  }

  private static CrashCloud start(
      Path state, Path template, Map<String, Map<String, String>> more, @Nullable OwnParser parser)
      throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        return startOnce(state, template, more, parser);
      } catch (LocalCloudException e) {
        // Whoever asks for any free port in between may get one of ours.
        if (attempt == STARTS) {
          throw e;
        }
      }
    }
  }

  private static CrashCloud startOnce(
      Path state, Path template, Map<String, Map<String, String>> more, @Nullable OwnParser parser)
      throws Exception {
    var ports = CloudPorts.free();
    var faults = new Faults();
    var clock = new PipelineClock(Clock.systemUTC());
    empty(state);
    ClockedDatabase.prepare(state, ports);
    var gates = FunctionGates.open(FUNCTIONS, ports, faults);
    var environment = new TreeMap<>(gates.environment());
    more.forEach(
        (function, variables) -> environment.merge(function, variables, CrashCloud::together));
    if (parser != null) {
      var url = OwnParser.url(gates.openOther("parse", "parser", parser.port()));
      var variables = Map.of("PARSER", "external", "EXTERNAL_PARSER_URL", url);
      environment.merge("parse", variables, CrashCloud::together);
    }
    var options =
        CloudOptions.of(Clouds.ROOT, System.getenv())
            .forTest(state, ports)
            .withTemplate(template)
            .withFunctions(environment, List.of())
            .withSeams(new TestSeams(gates::runtimeAddress, Duration.ZERO, Optional.of(clock)));
    try {
      var started = new CrashCloud(LocalCloud.start(options), gates, faults, clock, state, parser);
      ClockedDatabase.rebind(started.database());
      return started;
    } catch (Exception e) {
      gates.close();
      throw e;
    }
  }

  /**
   * All but the functions' code and class archives: a process that starts from one is soon back.
   */
  static void empty(Path state) throws IOException {
    Files.createDirectories(state);
    try (var parts = Files.list(state)) {
      for (var part : parts.filter(part -> !part.endsWith("functions")).toList()) {
        try (var files = Files.walk(part)) {
          for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  /** Whether an earlier run on this folder has left a class archive of each function. */
  static boolean hasClassArchives(Path state) throws IOException {
    var functions = state.resolve("functions");
    if (!Files.isDirectory(functions)) {
      return false;
    }
    try (var files = Files.list(functions)) {
      return files.filter(file -> file.toString().endsWith(".jsa")).count() >= FUNCTIONS.size();
    }
  }

  private static Map<String, String> together(Map<String, String> one, Map<String, String> more) {
    var all = new TreeMap<>(one);
    all.putAll(more);
    return all;
  }

  SqsClient sqs() {
    return cloud.servers().sqs();
  }

  /** Moves what SQS and the database take for the time; a database that is away follows later. */
  void jump(Duration forward) throws SQLException {
    clock.jump(forward);
    if (!databaseAway) {
      ClockedDatabase.move(database(), clock.offset());
    }
  }

  /** The database is about to stop, or has come back. */
  void databaseIsAway(boolean away) throws SQLException {
    databaseAway = away;
    if (database != null) {
      database.close();
      database = null;
    }
    if (!away) {
      ClockedDatabase.move(database(), clock.offset());
    }
  }

  private Connection database() throws SQLException {
    if (database == null) {
      database = cloud.servers().postgres().superuser().connect("sluice");
    }
    return database;
  }

  List<InvocationResult> sweep() throws InterruptedException {
    return cloud.lambda().fireSchedules("sweep");
  }

  /** Whether no function runs and the parser has nothing to do or to tell. */
  boolean isQuiet() {
    return cloud.lambda().isQuiet()
        && cloud.servers().llamaParse().isIdle()
        && (parser == null || parser.isIdle());
  }

  /** All messages, by queue; queues without any are left out. */
  Map<String, Integer> messages() {
    var all = new TreeMap<String, Integer>();
    for (var queue : queues) {
      int count =
          count(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)
              + count(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)
              + count(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);
      if (count > 0) {
        all.put(queue, count);
      }
    }
    return all;
  }

  private int count(String queue, QueueAttributeName attribute) {
    return Integer.parseInt(
        sqs()
            .getQueueAttributes(r -> r.queueUrl(url(queue)).attributeNames(attribute))
            .attributes()
            .getOrDefault(attribute, "0"));
  }

  String url(String queue) {
    return cloud.endpoints().sqs() + "/000000000000/" + queue;
  }

  /** The first column of every row, as the superuser sees them. */
  List<String> ask(String sql, Object... parameters) throws SQLException {
    return Sql.query(database(), sql, row -> String.valueOf(row.getString(1)), parameters);
  }

  @Override
  public void close() throws SQLException {
    faults.release();
    if (database != null) {
      database.close();
    }
    cloud.close();
    gates.close();
  }
}
