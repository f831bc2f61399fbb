package dev.sluice.localstack.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** A migrated database of one's own; closing it drops it, whoever is still connected. */
public final class EphemeralDatabase implements AutoCloseable {
  private final TestDatabases databases;
  private final PostgresAddress superuser;
  private final String name;

  EphemeralDatabase(TestDatabases databases, PostgresAddress superuser, String name) {
    this.databases = databases;
    this.superuser = superuser;
    this.name = name;
  }

  public String name() {
    return name;
  }

  /** JDBC URL without user and password. */
  public String url() {
    return superuser.url(name);
  }

  /** Who sees and may do everything. */
  public PostgresAddress superuser() {
    return superuser;
  }

  /** One of the functions' roles, such as {@code sluice_chunk}. */
  public PostgresAddress role(String role) {
    return superuser.as(role, superuser.password());
  }

  public Connection connect() throws SQLException {
    return superuser.connect(name);
  }

  public Connection connectAs(String role) throws SQLException {
    return role(role).connect(name);
  }

  @Override
  public void close() {
    databases.drop(name);
  }
}
