package dev.sluice.localstack.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Databases named {@code sluice_test_…}, each a copy of a template named after the migrations it
 * was made by.
 */
final class TestDatabases {
  private static final String MAINTENANCE_DATABASE = "postgres";
  private static final String TEST_PREFIX = "sluice_test_";
  private static final String TEMPLATE_PREFIX = "sluice_template_";

  private static final List<String> ROLES =
      List.of(
          "sluice_api",
          "sluice_webhook",
          "sluice_parse",
          "sluice_validate",
          "sluice_chunk",
          "sluice_embed",
          "sluice_finalize",
          "sluice_sweep");

  private static final String NAMES =
      "select datname from pg_database where starts_with(datname, ?)";
  private static final String COPY = "create database %s template %s";
  private static final String RENAME = "alter database %s rename to %s";
  private static final String DROP = "drop database if exists %s with (force)";

  private final PostgresAddress superuser;
  private final String template = TEMPLATE_PREFIX + Migrations.fingerprint();

  TestDatabases(PostgresAddress superuser) {
    this.superuser = superuser;
  }

  /**
   * Removes what killed tests and older migrations left; only while nobody else uses the cluster.
   */
  void removeLeftovers() throws SQLException {
    List<String> leftovers = new ArrayList<>(names(TEST_PREFIX));
    names(TEMPLATE_PREFIX).stream().filter(name -> !name.equals(template)).forEach(leftovers::add);
    leftovers.forEach(this::drop);
  }

  /** Migrates the template under another name first, so that it is whole as soon as it exists. */
  void prepareTemplate() throws SQLException {
    if (!names(template).contains(template)) {
      String unfinished = template + "_unfinished";
      drop(unfinished);
      Map<String, String> passwords = new TreeMap<>();
      ROLES.forEach(role -> passwords.put(role, superuser.password()));
      new DatabaseMigrator(superuser).migrate(unfinished, passwords);
      execute(RENAME, unfinished, template);
    }
  }

  EphemeralDatabase create() throws SQLException {
    String name = TEST_PREFIX + UUID.randomUUID().toString().replace("-", "");
    execute(COPY, name, template);
    return new EphemeralDatabase(this, superuser, name);
  }

  void drop(String name) {
    try {
      execute(DROP, name);
    } catch (SQLException e) {
      throw new IllegalStateException("Test database " + name + " stays: " + e.getMessage(), e);
    }
  }

  private List<String> names(String prefix) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Connection maintenance = superuser.connect(MAINTENANCE_DATABASE);
        PreparedStatement query = maintenance.prepareStatement(NAMES)) {
      query.setString(1, prefix);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    return names;
  }

  private void execute(String statement, String... identifiers) throws SQLException {
    try (Connection maintenance = superuser.connect(MAINTENANCE_DATABASE);
        Statement command = maintenance.createStatement()) {
      Object[] quoted = new Object[identifiers.length];
      for (int i = 0; i < identifiers.length; i++) {
        quoted[i] = command.enquoteIdentifier(identifiers[i], true);
      }
      command.execute(statement.formatted(quoted));
    }
  }
}
