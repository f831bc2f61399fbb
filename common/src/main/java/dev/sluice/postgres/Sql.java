package dev.sluice.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Runs one statement with its parameters; instants are bound as {@code timestamptz}. */
public final class Sql {
  private Sql() {}

  /** Reads one row. */
  @FunctionalInterface
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Runs an insert, update or delete and returns the number of rows. */
  public static int update(Connection connection, String sql, @Nullable Object... parameters)
      throws SQLException {
    try (var statement = prepare(connection, sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  /**
   * Runs an update that is guarded by job, status, generation and lease.
   *
   * @throws WriteRefused.LeaseLost if the guard did not hold
   */
  public static void updateGuarded(
      Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
    int rows = update(connection, sql, parameters);
    if (rows == 0) {
      throw new WriteRefused.LeaseLost();
    }
    if (rows > 1) {
      throw new IllegalStateException("a guarded update touched " + rows + " rows");
    }
  }

  /** The first column of the first row as text, or null if there is no row or the value is null. */
  public static @Nullable String queryForText(
      Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
    return queryForRow(connection, sql, row -> row.getString(1), parameters);
  }

  /** The first column of the first row, if there is a row. */
  public static OptionalInt queryForInt(
      Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
    var number = queryForText(connection, sql, parameters);
    return number == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(number));
  }

  /** Of PostgreSQL's {@code extract(epoch from …)}, to the millisecond below. */
  public static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1000));
  }

  /** The first row, or null if there is none. */
  public static <T> @Nullable T queryForRow(
      Connection connection,
      String sql,
      RowReader<? extends @Nullable T> reader,
      @Nullable Object... parameters)
      throws SQLException {
    try (var statement = prepare(connection, sql, parameters);
        var rows = statement.executeQuery()) {
      return rows.next() ? reader.read(rows) : null;
    }
  }

  /** Every row, in the statement's order. */
  public static <T> List<T> query(
      Connection connection, String sql, RowReader<T> reader, @Nullable Object... parameters)
      throws SQLException {
    try (var statement = prepare(connection, sql, parameters);
        var rows = statement.executeQuery()) {
      var all = new ArrayList<T>();
      while (rows.next()) {
        all.add(reader.read(rows));
      }
      return all;
    }
  }

  /** A column of type {@code timestamptz}. */
  public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, java.time.OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static PreparedStatement prepare(
      Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
    var statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      var value = parameters[i];
      switch (value) {
        case Instant instant -> statement.setObject(i + 1, instant.atOffset(ZoneOffset.UTC));
        case String[] texts -> statement.setArray(i + 1, connection.createArrayOf("text", texts));
        case null, default -> statement.setObject(i + 1, value);
      }
    }
    return statement;
  }
}
