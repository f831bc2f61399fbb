package dev.sluice.localstack.postgres;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * A server and who we are on it. The text form leaves the password out.
 *
 * @param parameters further parameters of the JDBC driver, such as {@code sslmode}
 */
public record PostgresAddress(
    String host, int port, String user, String password, Map<String, String> parameters) {

  public PostgresAddress {
    parameters = Map.copyOf(parameters);
  }

  static PostgresAddress local(int port, String user, String password) {
    return new PostgresAddress("127.0.0.1", port, user, password, Map.of());
  }

  /**
   * Reads a superuser's JDBC URL with its {@code user} and {@code password}; the database it names
   * is where maintenance statements run.
   *
   * @throws PostgresUnavailable if it is not a URL of that form
   */
  static PostgresAddress parse(String jdbcUrl) {
    Properties read = Driver.parseURL(jdbcUrl, new Properties());
    if (read == null || PGProperty.USER.getOrDefault(read) == null) {
      throw new PostgresUnavailable(
          "DATABASE_URL must look like jdbc:postgresql://HOST:PORT/postgres?user=NAME&password=SECRET, and"
              + " name a superuser.");
    }
    Map<String, String> others = new TreeMap<>();
    read.stringPropertyNames().stream()
        .filter(name -> !name.startsWith("PG") && !name.equals("user") && !name.equals("password"))
        .forEach(name -> others.put(name, read.getProperty(name)));
    return new PostgresAddress(
        read.getProperty(PGProperty.PG_HOST.getName()),
        Integer.parseInt(read.getProperty(PGProperty.PG_PORT.getName())),
        read.getProperty("user"),
        read.getProperty("password", ""),
        others);
  }

  /** The same server, as somebody else. */
  public PostgresAddress as(String otherUser, String otherPassword) {
    return new PostgresAddress(host, port, otherUser, otherPassword, parameters);
  }

  /**
   * JDBC URL of a database, without user and password: what the template calls {@code DatabaseUrl}.
   */
  public String url(String database) {
    String query =
        parameters.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
    String base = "jdbc:postgresql://" + host + ":" + port + "/" + encoded(database);
    return query.isEmpty() ? base : base + "?" + query;
  }

  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database), user, password);
  }

  /** Whether a session can be opened now. */
  boolean answers() {
    try (Connection connection = connect("postgres")) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return user + "@" + host + ":" + port;
  }
}
