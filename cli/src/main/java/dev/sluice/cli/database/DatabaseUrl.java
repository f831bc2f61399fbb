package dev.sluice.cli.database;

import dev.sluice.localstack.postgres.PostgresAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** A JDBC URL taken apart: the server, and the database on it. */
public record DatabaseUrl(PostgresAddress server, String database) {

  /** Empty unless it is a JDBC URL of PostgreSQL that names user and database. */
  public static Optional<DatabaseUrl> parse(String url) {
    Properties read = Driver.parseURL(url, new Properties());
    if (read == null || read.getProperty("user") == null) {
      return Optional.empty();
    }
    Map<String, String> parameters = new TreeMap<>();
    read.stringPropertyNames().stream()
        .filter(name -> !name.startsWith("PG") && !name.equals("user") && !name.equals("password"))
        .forEach(name -> parameters.put(name, read.getProperty(name)));
    PostgresAddress server =
        new PostgresAddress(
            read.getProperty(PGProperty.PG_HOST.getName()),
            Integer.parseInt(read.getProperty(PGProperty.PG_PORT.getName())),
            read.getProperty("user"),
            read.getProperty("password", ""),
            parameters);
    return Optional.of(
        new DatabaseUrl(server, read.getProperty(PGProperty.PG_DBNAME.getName(), "sluice")));
  }
}
