package dev.sluice.localstack.fault;

import dev.sluice.localstack.fault.Conversation.Protocol;
import dev.sluice.localstack.fault.Conversation.Steps;
import java.io.IOException;
import java.net.Socket;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection through a gate. */
final class GateConnection implements Steps {
  private static final int BUFFER = 65_536;

  /** For connections of this process, such as a simulator that reads a presigned object. */
  private static final Boundary NOBODY = new Boundary("", "", 1, Boundary.Side.BEFORE, -1);

  private final String function;
  private final int gatePort;
  private final Socket client;
  private final Socket server;
  private final Faults faults;
  private final Consumer<GateConnection> ended;
  private @Nullable OptionalLong owner;

  GateConnection(
      String function,
      int gatePort,
      Socket client,
      Socket server,
      Faults faults,
      Consumer<GateConnection> ended) {
    this.function = function;
    this.gatePort = gatePort;
    this.client = client;
    this.server = server;
    this.faults = faults;
    this.ended = ended;
  }

  private interface Pump {
    void pass(byte[] bytes, int length) throws IOException;
  }

  void start(Protocol protocol) throws IOException {
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    Conversation conversation = protocol.on(this);
    var toServer = server.getOutputStream();
    var toClient = client.getOutputStream();
    pump(client, (bytes, length) -> conversation.fromClient(bytes, length, toServer));
    pump(server, (bytes, length) -> conversation.fromServer(bytes, length, toClient));
  }

  private void pump(Socket from, Pump pump) {
    Thread.ofVirtual()
        .name("gate-" + function)
        .start(
            () -> {
              byte[] buffer = new byte[BUFFER];
              try (client;
                  server) {
                var in = from.getInputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                  pump.pass(buffer, read);
                }
              } catch (IOException e) {
                // One end has gone; the other goes with it.
              } finally {
                ended.accept(this);
              }
            });
  }

  @Override
  public Boundary begin(String step) throws IOException {
    OptionalLong pid = owner();
    if (pid.isEmpty()) {
      return NOBODY;
    }
    Boundary boundary = faults.entered(function, step, pid.getAsLong());
    cross(boundary);
    return boundary;
  }

  @Override
  public void end(Boundary begun) throws IOException {
    if (begun != NOBODY) {
      cross(begun.after());
    }
  }

  @Override
  public void happened(String step) throws IOException {
    OptionalLong pid = owner();
    if (pid.isPresent()) {
      cross(faults.entered(function, step, pid.getAsLong()).after());
    }
  }

  private synchronized OptionalLong owner() {
    if (owner == null) {
      owner = FunctionProcesses.owner(client.getPort(), gatePort);
    }
    return owner;
  }

  private void cross(Boundary boundary) throws IOException {
    switch (faults.at(boundary)) {
      case PASS -> {}
      case KILL -> {
        ProcessHandle.of(boundary.pid()).ifPresent(ProcessHandle::destroyForcibly);
        throw broken(boundary, "killed");
      }
      case BREAK -> throw broken(boundary, "broken");
      case HANG -> {
        faults.awaitRelease(boundary.pid());
        throw broken(boundary, "left hanging");
      }
      case HOLD -> faults.awaitRelease(boundary.pid());
    }
  }

  private IOException broken(Boundary boundary, String how) {
    reset();
    return new IOException(boundary + " was " + how);
  }

  void reset() {
    reset(client);
    reset(server);
  }

  /** Closes with RST, so that the other end hears of it at once. */
  static void reset(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // It was closed before.
    }
  }
}
