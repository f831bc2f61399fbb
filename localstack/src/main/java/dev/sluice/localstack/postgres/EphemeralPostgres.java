package dev.sluice.localstack.postgres;

import dev.sluice.localstack.cache.CacheDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Databases for tests: one cluster a machine, shared by every test process of this user, and a new
 * database for whoever asks, copied from a template that is migrated once. Nothing is durable. The
 * last process to end stops the server; what a killed one left is removed by the next.
 *
 * <p>With DATABASE_URL set, the databases are made on that server; its {@code sluice_} roles then
 * get other passwords, so a {@code sluice up} on the same server must be started anew afterwards.
 */
public final class EphemeralPostgres implements AutoCloseable {
  private static @Nullable EphemeralPostgres shared;

  private final Path directory;
  private final ClusterUsers users;
  private final @Nullable PostgresCluster cluster;
  private final TestDatabases databases;

  private EphemeralPostgres(
      Path directory,
      ClusterUsers users,
      @Nullable PostgresCluster cluster,
      TestDatabases databases) {
    this.directory = directory;
    this.users = users;
    this.cluster = cluster;
    this.databases = databases;
  }

  /** A new, migrated database on this machine's shared test cluster. */
  public static synchronized EphemeralDatabase newDatabase() {
    if (shared == null) {
      EphemeralPostgres started = start(System.getenv());
      Runtime.getRuntime().addShutdownHook(new Thread(started::close, "stop-test-postgres"));
      shared = started;
    }
    return shared.database();
  }

  private static EphemeralPostgres start(Map<String, String> environment) {
    Path cache = CacheDirectory.find(environment, Path.of(System.getProperty("java.io.tmpdir")));
    return start(cache.resolve("test-cluster"), environment);
  }

  /** The cluster below a directory; the first user in a while starts it. */
  static EphemeralPostgres start(Path directory, Map<String, String> environment) {
    LocalPostgres.Settings settings =
        new LocalPostgres.Settings(directory, 0, false, environment, line -> {});
    try (Ownership starting = Ownership.acquire(directory.resolve("start.lock"))) {
      ClusterUsers users = ClusterUsers.join(directory.resolve("users.lock"));
      try {
        return start(settings, users);
      } catch (IOException | SQLException | RuntimeException e) {
        users.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new PostgresUnavailable("The test databases cannot be made: " + e.getMessage(), e);
    }
  }

  private static EphemeralPostgres start(LocalPostgres.Settings settings, ClusterUsers users)
      throws IOException, SQLException {
    PostgresCluster cluster = null;
    PostgresAddress superuser;
    if (settings.environment().getOrDefault("DATABASE_URL", "").isBlank()) {
      cluster =
          new PostgresCluster(
              LocalPostgres.binaries(settings), ServerUser.find(), settings.directory(), false);
      superuser = cluster.address(startOrMakeAnew(cluster, settings.directory()));
    } else {
      superuser = LocalPostgres.start(settings).superuser();
    }
    TestDatabases databases = new TestDatabases(superuser);
    if (users.alone() && cluster != null) {
      databases.removeLeftovers();
    }
    databases.prepareTemplate();
    return new EphemeralPostgres(settings.directory(), users, cluster, databases);
  }

  /** Without fsync a crash of the machine may leave files that no server can read. */
  private static int startOrMakeAnew(PostgresCluster cluster, Path directory) throws IOException {
    try {
      return cluster.start(0);
    } catch (PostgresUnavailable broken) {
      Directories.delete(directory.resolve("data"));
      return cluster.start(0);
    }
  }

  EphemeralDatabase database() {
    try {
      return databases.create();
    } catch (SQLException e) {
      throw new PostgresUnavailable("No test database could be made: " + e.getMessage(), e);
    }
  }

  /** Ends the server if no other process uses it. */
  @Override
  public void close() {
    try (Ownership stopping = Ownership.acquire(directory.resolve("start.lock"))) {
      if (users.leave() && cluster != null) {
        cluster.stop();
      }
    }
  }
}
