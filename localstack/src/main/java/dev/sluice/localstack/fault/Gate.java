package dev.sluice.localstack.fault;

import dev.sluice.localstack.fault.Conversation.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands on 127.0.0.1 between the processes of one function and one server. Bytes pass unchanged, a
 * signed Host header included.
 */
public final class Gate implements AutoCloseable {
  private static final int BACKLOG = 128;

  private final String function;
  private final InetSocketAddress upstream;
  private final Protocol protocol;
  private final Faults faults;
  private final Set<GateConnection> connections = ConcurrentHashMap.newKeySet();
  private final int port;
  private @Nullable ServerSocket listener;
  private @Nullable Thread acceptor;

  Gate(String function, InetSocketAddress upstream, Protocol protocol, Faults faults)
      throws IOException {
    this.function = function;
    this.upstream = upstream;
    this.protocol = protocol;
    this.faults = faults;
    this.port = listen(0);
  }

  private synchronized int listen(int wanted) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), wanted), BACKLOG);
    listener = socket;
    acceptor = Thread.ofVirtual().name("gate-" + function).start(() -> accept(socket));
    return socket.getLocalPort();
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        connect(socket.accept());
      } catch (IOException e) {
        // Closed, or the client has gone again.
      }
    }
  }

  private void connect(Socket client) throws IOException {
    Socket server = new Socket();
    try {
      server.connect(upstream);
    } catch (IOException e) {
      // What is down behind the gate is down before it.
      GateConnection.reset(client);
      throw e;
    }
    GateConnection connection =
        new GateConnection(function, port, client, server, faults, connections::remove);
    connections.add(connection);
    connection.start(protocol);
  }

  public int port() {
    return port;
  }

  /** The server is down: connections are reset, new ones refused. */
  public synchronized void refuse() {
    closeListener();
    breakAll();
  }

  /** The server is up again. */
  public synchronized void open() {
    if (listener == null) {
      try {
        listen(port);
      } catch (IOException e) {
        throw new UncheckedIOException("port " + port + " was taken while its gate was shut", e);
      }
    }
  }

  /** Resets what is connected now. */
  public void breakAll() {
    connections.forEach(GateConnection::reset);
  }

  private synchronized void closeListener() {
    try {
      if (listener != null && acceptor != null) {
        listener.close();
        // The port is free only when nobody waits at it any more.
        acceptor.join();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      listener = null;
    }
  }

  @Override
  public void close() {
    refuse();
  }
}
