package dev.sluice.cli;

import dev.sluice.cli.database.DatabaseUrl;
import dev.sluice.localstack.postgres.LocalPostgres;
import dev.sluice.localstack.postgres.OperatorRole;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The database of the cloud that runs on this machine, or of a deployed one, as its owner. */
final class OwnerDatabase {
  private static final String LOCAL_DATABASE = "sluice";

  @Option(
      names = "--database-url",
      paramLabel = "URL",
      description = "Of a deployed stack: the owner's JDBC URL with the database's name.")
  private @Nullable String databaseUrl;

  /**
   * @throws CommandFailure if none is named and no cloud runs, or the name is no JDBC URL
   */
  DatabaseUrl url(Surroundings surroundings) {
    if (databaseUrl != null) {
      return parsed(databaseUrl);
    }
    String jdbc =
        surroundings
            .clouds()
            .running()
            .map(cloud -> cloud.endpoints().get("jdbc"))
            .orElseThrow(() -> new CommandFailure(ApiOptions.NONE_RUNS));
    String server = surroundings.environment().get("DATABASE_URL");
    try {
      return server != null
          ? new DatabaseUrl(parsed(server).server(), LOCAL_DATABASE)
          : parsed(
              LocalPostgres.superuserUrl(
                  surroundings.workspace().state().resolve("postgres"), jdbc));
    } catch (IOException unreadable) {
      throw new CommandFailure(
          "the local database's password could not be read: " + unreadable.getMessage(),
          unreadable);
    }
  }

  /** A session that sees all tenants and changes limits; whoever opens it closes it. */
  Connection connectAsOperator(Surroundings surroundings) throws SQLException {
    DatabaseUrl target = url(surroundings);
    Connection connection = target.server().connect(target.database());
    try {
      OperatorRole.assume(connection);
      return connection;
    } catch (SQLException refused) {
      connection.close();
      throw refused;
    }
  }

  private static DatabaseUrl parsed(String url) {
    return DatabaseUrl.parse(url)
        .orElseThrow(
            () ->
                new CommandFailure(
                    "the URL must look like"
                        + " jdbc:postgresql://HOST:PORT/DATABASE?user=NAME&password=SECRET"));
  }
}
