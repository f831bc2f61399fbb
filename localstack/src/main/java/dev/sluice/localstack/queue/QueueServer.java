package dev.sluice.localstack.queue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.elasticmq.server.ElasticMQServer;
import org.elasticmq.server.config.ElasticMQServerConfig;
import scala.Function0;
import scalikejdbc.ConnectionPool;
import scalikejdbc.ConnectionPoolSettings;

/**
 * ElasticMQ with its queues and messages in a database file. It keeps its connections in a variable
 * of the whole process, so there is one server a process at a time.
 */
final class QueueServer implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final AtomicBoolean RUNNING = new AtomicBoolean();

  private final int port;
  private final String database;
  private final Function0<?> shutdown;

  /**
   * @param database empty for a server in memory
   */
  private QueueServer(int port, String database, Function0<?> shutdown) {
    this.port = port;
    this.database = database;
    this.shutdown = shutdown;
  }

  /** A server in memory that goes by another clock than the machine's. */
  static QueueServer inMemory(int wanted, InstantSource clock) throws IOException {
    int port = freePort(wanted);
    if (!RUNNING.compareAndSet(false, true)) {
      throw new IllegalStateException("This process already runs a queue server");
    }
    try {
      return new QueueServer(port, "", MemoryQueues.start(HOST, port, clock));
    } catch (RuntimeException e) {
      RUNNING.set(false);
      throw e;
    }
  }

  static QueueServer start(Path directory, int wanted) throws IOException {
    Files.createDirectories(directory);
    int port = freePort(wanted);
    if (!RUNNING.compareAndSet(false, true)) {
      throw new IllegalStateException("This process already runs a queue server");
    }
    try {
      String database = url(directory);
      connect(database);
      return new QueueServer(port, database, new ElasticMQServer(config(port, database)).start());
    } catch (RuntimeException e) {
      RUNNING.set(false);
      throw e;
    }
  }

  /**
   * ElasticMQ would do this for its first server only, and give the next one the first one's file.
   */
  private static void connect(String database) {
    ConnectionPoolSettings settings = ConnectionPool.singleton$default$4();
    ConnectionPool.singleton(
        database, "", "", settings, ConnectionPool.singleton$default$5(database, "", "", settings));
  }

  private static ElasticMQServerConfig config(int port, String database) {
    Map<String, Object> settings =
        Map.ofEntries(
            Map.entry("node-address.host", HOST),
            Map.entry("node-address.port", port),
            Map.entry("rest-sqs.bind-hostname", HOST),
            Map.entry("rest-sqs.bind-port", port),
            Map.entry("aws.region", LocalQueues.REGION),
            Map.entry("aws.accountId", LocalQueues.ACCOUNT),
            Map.entry("messages-storage.enabled", true),
            Map.entry("messages-storage.uri", database),
            Map.entry("pekko.loglevel", "WARNING"),
            // The cloud is closed in order; by itself the server would be the first to go.
            Map.entry("pekko.coordinated-shutdown.run-by-jvm-shutdown-hook", false),
            Map.entry("pekko.jvm-exit-on-fatal-error", false));
    return new ElasticMQServerConfig(
        ConfigFactory.parseMap(settings).withFallback(ConfigFactory.load()).resolve());
  }

  /**
   * A message is on its way to the disk before its sender hears of success (WRITE_DELAY), as far as
   * a killed process goes. What was overwritten a second ago may be used again (RETENTION_TIME), or
   * the file would grow by 15 KB with each step of each message. And this class, not H2's exit
   * hook, says when the file is closed.
   */
  static String url(Path directory) {
    return "jdbc:h2:file:"
        + directory.toAbsolutePath().resolve("queues")
        + ";WRITE_DELAY=0;RETENTION_TIME=1000;DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1";
  }

  /** The file's JDBC URL; empty of a server in memory. */
  String database() {
    return database;
  }

  int port() {
    return port;
  }

  @Override
  public void close() throws SQLException {
    try {
      shutdown.apply();
      if (database.isEmpty()) {
        return;
      }
      ConnectionPool.closeAll();
      try (Connection connection = DriverManager.getConnection(database, "", "");
          Statement statement = connection.createStatement()) {
        statement.execute("shutdown");
      }
    } finally {
      RUNNING.set(false);
    }
  }

  private static int freePort(int wanted) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(HOST), wanted));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IOException("Port " + wanted + ", which the queues should get, is taken.", e);
    }
  }
}
