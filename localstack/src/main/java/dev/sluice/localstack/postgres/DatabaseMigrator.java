package dev.sluice.localstack.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.flywaydb.core.Flyway;
import org.postgresql.PGConnection;

/**
 * Brings a database to the newest version and lets the functions' roles log in.
 *
 * <p>Roles belong to the whole server and not to a database, and an advisory lock belongs to one
 * database: the lock is therefore taken in the maintenance database, so that several databases of
 * one server can be migrated at once by whoever wants to.
 */
public final class DatabaseMigrator {
  private static final String MAINTENANCE_DATABASE = "postgres";

  private static final String LOCK =
      "select pg_advisory_lock(hashtextextended('sluice migrations', 0))";
  private static final String EXISTS = "select from pg_database where datname = ?";
  private static final String CREATE = "create database %s template template0 encoding 'UTF8'";
  private static final String LOGIN = "alter role %s login";

  private final PostgresAddress superuser;

  public DatabaseMigrator(PostgresAddress superuser) {
    this.superuser = superuser;
  }

  /**
   * Creates the database if it is not there, applies what is missing of {@code db/migration}, and
   * gives each role its password. Doing it again changes nothing.
   *
   * @param passwords password of each role that shall be able to log in, by the role's name
   * @return the number of migrations applied
   * @throws SQLException if the server refuses, or a role is not one that the migrations make
   */
  public int migrate(String database, Map<String, String> passwords) throws SQLException {
    try (Connection maintenance = superuser.connect(MAINTENANCE_DATABASE);
        Statement statement = maintenance.createStatement()) {
      // Held by the session: closing the connection, or dying, lets go of it.
      statement.execute(LOCK);
      create(maintenance, database);
      int applied = apply(database);
      letIn(maintenance, passwords);
      return applied;
    }
  }

  private static void create(Connection maintenance, String database) throws SQLException {
    try (PreparedStatement exists = maintenance.prepareStatement(EXISTS);
        Statement create = maintenance.createStatement()) {
      exists.setString(1, database);
      try (ResultSet found = exists.executeQuery()) {
        if (!found.next()) {
          create.execute(CREATE.formatted(create.enquoteIdentifier(database, true)));
        }
      }
    }
  }

  private int apply(String database) {
    return Flyway.configure()
        .dataSource(superuser.url(database), superuser.user(), superuser.password())
        .locations("classpath:db/migration")
        .load()
        .migrate()
        .migrationsExecuted;
  }

  /**
   * The driver hashes the password itself: neither the server's log nor its statistics ever see it.
   */
  private static void letIn(Connection maintenance, Map<String, String> passwords)
      throws SQLException {
    PGConnection server = maintenance.unwrap(PGConnection.class);
    for (Map.Entry<String, String> role : new TreeMap<>(passwords).entrySet()) {
      try (Statement login = maintenance.createStatement()) {
        login.execute(LOGIN.formatted(login.enquoteIdentifier(role.getKey(), true)));
      }
      server.alterUserPassword(role.getKey(), role.getValue().toCharArray(), "scram-sha-256");
    }
  }
}
