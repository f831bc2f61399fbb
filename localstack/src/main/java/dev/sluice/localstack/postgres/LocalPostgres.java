package dev.sluice.localstack.postgres;

import dev.sluice.localstack.cache.CacheDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL with pgvector, taken from the first of these that there is: the server that
 * DATABASE_URL names; a cluster of ours run by an installed PostgreSQL that has the extension; a
 * cluster of ours run by a private build.
 *
 * <p>Our cluster outlives a killed run: the next start takes up its data and, if the server itself
 * survived as an orphan, the server. Closing it ends the server, unless another process started it
 * and still runs.
 */
public final class LocalPostgres implements AutoCloseable {
  private static final Duration OWNER_STARTS_IT = Duration.ofSeconds(60);

  private static final String CAPABILITIES =
      """
      select current_setting('is_superuser') = 'on',
             exists (select from pg_available_extensions where name = 'vector')
      """;

  private final PostgresAddress superuser;
  private final @Nullable PostgresCluster cluster;
  private final @Nullable Ownership ownership;

  private LocalPostgres(
      PostgresAddress superuser, @Nullable PostgresCluster cluster, @Nullable Ownership ownership) {
    this.superuser = superuser;
    this.cluster = cluster;
    this.ownership = ownership;
  }

  /**
   * The superuser's URL of a database in a cluster of ours that runs.
   *
   * @param directory of the cluster
   * @param jdbc the database's URL without user and password
   * @throws IOException if there is no such cluster, or it is another user's
   */
  public static String superuserUrl(Path directory, String jdbc) throws IOException {
    return jdbc
        + (jdbc.contains("?") ? "&" : "?")
        + "user="
        + PostgresCluster.SUPERUSER
        + "&password="
        + Files.readString(directory.resolve("password"));
  }

  /**
   * What to start and where.
   *
   * @param directory holds the cluster; made if it is not there
   * @param port on 127.0.0.1, or 0 for any free one
   * @param durable false only for tests: a crash of the machine may then lose or break data
   * @param environment read for DATABASE_URL, PATH, HOME and XDG_CACHE_HOME
   * @param progress told in a few words what a first start waits for
   */
  public record Settings(
      Path directory,
      int port,
      boolean durable,
      Map<String, String> environment,
      Consumer<String> progress) {

    public Settings {
      directory = directory.toAbsolutePath().normalize();
      environment = Map.copyOf(environment);
    }

    /** A durable cluster, with this process's environment. */
    public static Settings of(Path directory, int port) {
      return new Settings(directory, port, true, System.getenv(), line -> {});
    }
  }

  /**
   * @throws PostgresUnavailable if there is none and none can be made, saying what is missing
   */
  public static LocalPostgres start(Settings settings) {
    String url = settings.environment().getOrDefault("DATABASE_URL", "");
    if (!url.isBlank()) {
      return new LocalPostgres(checked(PostgresAddress.parse(url)), null, null);
    }
    PostgresCluster cluster =
        new PostgresCluster(
            binaries(settings), ServerUser.find(), settings.directory(), settings.durable());
    Ownership ownership = Ownership.tryAcquire(settings.directory().resolve("lock"));
    if (ownership == null) {
      return new LocalPostgres(startedByAnother(cluster), cluster, null);
    }
    try {
      int port = cluster.start(settings.port());
      return new LocalPostgres(cluster.address(port), cluster, ownership);
    } catch (IOException e) {
      ownership.close();
      throw new UncheckedIOException(e);
    } catch (PostgresUnavailable e) {
      ownership.close();
      throw e;
    }
  }

  static PostgresBinaries binaries(Settings settings) {
    return InstalledPostgres.find(settings.environment().getOrDefault("PATH", ""))
        .orElseGet(
            () ->
                PrivatePostgres.provide(
                    CacheDirectory.find(
                        settings.environment(), Path.of(System.getProperty("java.io.tmpdir"))),
                    settings.progress()));
  }

  private static PostgresAddress checked(PostgresAddress address) {
    try (Connection connection = address.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(CAPABILITIES)) {
      row.next();
      if (!row.getBoolean(1) || !row.getBoolean(2)) {
        throw new PostgresUnavailable(
            "The server of DATABASE_URL ("
                + address
                + ") must have the vector extension, and the user must be a superuser.");
      }
      return address;
    } catch (SQLException e) {
      throw new PostgresUnavailable(
          "The server of DATABASE_URL (" + address + ") does not answer: " + e.getMessage(), e);
    }
  }

  private static PostgresAddress startedByAnother(PostgresCluster cluster) {
    long end = System.nanoTime() + OWNER_STARTS_IT.toNanos();
    do {
      Optional<PostgresAddress> address =
          cluster
              .running()
              .map(running -> cluster.address(running.port()))
              .filter(PostgresAddress::answers);
      if (address.isPresent()) {
        return address.get();
      }
      pause();
    } while (System.nanoTime() < end);
    throw new PostgresUnavailable(
        "Another process is starting PostgreSQL and does not come to an end; the log is "
            + cluster.log());
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresUnavailable("Interrupted while waiting for PostgreSQL", e);
    }
  }

  /** The server, as its superuser. */
  public PostgresAddress superuser() {
    return superuser;
  }

  /** Whether closing this ends the server. */
  public boolean ours() {
    return ownership != null;
  }

  /** Ends the server as a power failure would; only for one of ours. */
  public void crash() {
    if (cluster == null || ownership == null) {
      throw new IllegalStateException("This server belongs to somebody else");
    }
    cluster.crash();
    ownership.close();
  }

  /** A fast shutdown: sessions are ended, nothing is lost. A second call does nothing. */
  @Override
  public void close() {
    if (cluster != null && ownership != null && ownership.held()) {
      cluster.stop();
      ownership.close();
    }
  }
}
