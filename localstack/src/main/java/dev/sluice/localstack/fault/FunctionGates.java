package dev.sluice.localstack.fault;

import dev.sluice.localstack.CloudPorts;
import dev.sluice.localstack.fault.Conversation.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * All gates of a cloud: for each function one to each server, and one to the Runtime API of each of
 * its processes. The cloud is started with what {@link #environment} and {@link #runtimeAddress}
 * give.
 */
public final class FunctionGates implements AutoCloseable {
  /** What functions call. */
  public enum Server {
    POSTGRES("DATABASE_URL", "jdbc:postgresql://127.0.0.1:%d/sluice"),
    SQS("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:%d"),
    S3("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:%d"),
    SECRETS("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:%d"),
    LLAMAPARSE("LLAMAPARSE_URL", "http://127.0.0.1:%d"),
    OPENAI("OPENAI_URL", "http://127.0.0.1:%d");

    private final String variable;
    private final String address;

    Server(String variable, String address) {
      this.variable = variable;
      this.address = address;
    }
  }

  private final Faults faults;
  private final Map<String, Map<Server, Gate>> gates = new TreeMap<>();
  private final Queue<Gate> others = new ConcurrentLinkedQueue<>();

  private FunctionGates(Faults faults) {
    this.faults = faults;
  }

  /**
   * Opens the gates before the cloud starts on these ports.
   *
   * @param functions their names, with the servers that each calls
   */
  public static FunctionGates open(
      Map<String, ? extends Iterable<Server>> functions, CloudPorts ports, Faults faults)
      throws IOException {
    FunctionGates all = new FunctionGates(faults);
    for (var function : functions.entrySet()) {
      Map<Server, Gate> own = new EnumMap<>(Server.class);
      for (Server server : function.getValue()) {
        own.put(
            server,
            new Gate(function.getKey(), address(port(server, ports)), protocol(server), faults));
      }
      all.gates.put(function.getKey(), own);
    }
    return all;
  }

  private static int port(Server server, CloudPorts ports) {
    return switch (server) {
      case POSTGRES -> ports.postgres();
      case SQS -> ports.sqs();
      case S3 -> ports.s3();
      case SECRETS -> ports.secrets();
      case LLAMAPARSE -> ports.llamaParse();
      case OPENAI -> ports.openAi();
    };
  }

  private static Protocol protocol(Server server) {
    return switch (server) {
      case POSTGRES -> PostgresConversation::new;
      case SQS -> steps -> new HttpConversation(steps, head -> StepNames.aws("sqs", head));
      case S3 -> steps -> new HttpConversation(steps, StepNames::s3);
      case SECRETS -> steps -> new HttpConversation(steps, head -> StepNames.aws("secrets", head));
      case LLAMAPARSE ->
          steps -> new HttpConversation(steps, head -> StepNames.http("llamaparse", head));
      case OPENAI -> steps -> new HttpConversation(steps, head -> StepNames.http("openai", head));
    };
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress("127.0.0.1", port);
  }

  /** What each function must find in its environment. */
  public Map<String, Map<String, String>> environment() {
    Map<String, Map<String, String>> all = new TreeMap<>();
    gates.forEach(
        (function, own) -> {
          Map<String, String> variables = new TreeMap<>();
          own.forEach(
              (server, gate) ->
                  variables.put(server.variable, server.address.formatted(gate.port())));
          all.put(function, variables);
        });
    return all;
  }

  /** Puts a gate before the Runtime API of one process. */
  public String runtimeAddress(String function, String address) {
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    try {
      Gate gate = new Gate(function, address(port), RuntimeConversation::on, faults);
      others.add(gate);
      return "127.0.0.1:" + gate.port();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Puts a gate before an HTTP server that is none of the cloud's, for one function.
   *
   * @param name what its steps are called by
   * @return the port at which the function must look for it
   */
  public int openOther(String function, String name, int port) throws IOException {
    Gate gate =
        new Gate(
            function,
            address(port),
            steps -> new HttpConversation(steps, head -> StepNames.http(name, head)),
            faults);
    others.add(gate);
    return gate.port();
  }

  /** The server is down for every function. */
  public void refuse(Server server) {
    gates.values().stream()
        .filter(own -> own.containsKey(server))
        .forEach(own -> own.get(server).refuse());
  }

  /** The server is up again. */
  public void open(Server server) {
    gates.values().stream()
        .filter(own -> own.containsKey(server))
        .forEach(own -> own.get(server).open());
  }

  /** Resets every connection of the function's processes to servers. */
  public void breakAll(String function) {
    gates.getOrDefault(function, Map.of()).values().forEach(Gate::breakAll);
  }

  @Override
  public void close() {
    faults.release();
    gates.values().forEach(own -> own.values().forEach(Gate::close));
    others.forEach(Gate::close);
  }
}
