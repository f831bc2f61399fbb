package dev.sluice.bench;

import dev.sluice.localstack.postgres.DatabaseMigrator;
import dev.sluice.localstack.postgres.LocalPostgres;
import dev.sluice.localstack.postgres.PostgresAddress;
import dev.sluice.localstack.secrets.LocalSecrets;
import dev.sluice.localstack.secrets.SecretDefinition;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A durable PostgreSQL of the benchmark's own with Sluice's schema, as a deployment has it. */
public final class BenchDatabase implements AutoCloseable {
  private static final String NAME = "bench";

  private final LocalPostgres server;
  private final LocalSecrets secrets;

  private BenchDatabase(LocalPostgres server, LocalSecrets secrets) {
    this.server = server;
    this.secrets = secrets;
  }

  /**
   * Starts it with nothing but the schema in it.
   *
   * @param folder empty; whoever made it deletes it
   */
  public static BenchDatabase start(Path folder) throws IOException, SQLException {
    var environment = new HashMap<>(System.getenv());
    environment.remove("DATABASE_URL");
    var server =
        LocalPostgres.start(
            new LocalPostgres.Settings(
                folder.resolve("postgres"), 0, true, environment, System.err::println));
    try {
      new DatabaseMigrator(server.superuser()).migrate(NAME, Map.of());
      var secrets = LocalSecrets.start(folder.resolve("secrets.json"), 0);
      System.setProperty("aws.region", "us-east-1");
      System.setProperty("aws.accessKeyId", "local");
      System.setProperty("aws.secretAccessKey", "local");
      System.setProperty("aws.endpointUrlSecretsManager", secrets.endpoint().toString());
      return new BenchDatabase(server, secrets);
    } catch (IOException | SQLException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** As one who sees every tenant's rows. */
  public Connection connect() throws SQLException {
    return server.superuser().connect(NAME);
  }

  /** The server, for whoever brings a pool of its own. */
  public PostgresAddress superuser() {
    return server.superuser();
  }

  /** JDBC URL without user and password. */
  public String url() {
    return server.superuser().url(NAME);
  }

  /** A function's beans as Lambda would start them, logged in with the function's own role. */
  public ApplicationContext function(String name) throws IOException, SQLException {
    var role = "sluice_" + name;
    new DatabaseMigrator(server.superuser())
        .migrate(NAME, Map.of(role, server.superuser().password()));
    secrets.define(
        List.of(
            new SecretDefinition.Literal(
                "database/" + name,
                "{\"username\": \"%s\", \"password\": \"%s\"}"
                    .formatted(role, server.superuser().password()))));
    return ApplicationContext.builder()
        .deduceEnvironment(false)
        .environments("function", "lambda")
        .properties(Map.of("DATABASE_URL", url(), "DATABASE_SECRET", "database/" + name))
        .start();
  }

  /** Runs statements, one after the other, each with the same parameters. */
  public void run(List<String> statements, Object... parameters) throws SQLException {
    try (var connection = connect()) {
      for (var sql : statements) {
        try (var statement = connection.prepareStatement(sql)) {
          int wanted = statement.getParameterMetaData().getParameterCount();
          for (int i = 0; i < wanted; i++) {
            statement.setObject(i + 1, parameters[i]);
          }
          statement.execute();
        }
      }
    }
  }

  @Override
  public void close() {
    secrets.close();
    server.close();
  }
}
