package dev.sluice.localstack.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Who sees all tenants: the owner of the tables may act as it, and by itself sees none. */
public final class OperatorRole {
  private static final String NO_SUCH_ROLE = "22023";
  private static final String NOT_ALLOWED = "42501";

  private OperatorRole() {}

  /**
   * Acts as an operator in this session from now on.
   *
   * @throws SQLException saying what to do where the role is missing or not granted
   */
  public static void assume(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set role sluice_operator");
    } catch (SQLException e) {
      throw switch (String.valueOf(e.getSQLState())) {
        case NO_SUCH_ROLE ->
            new SQLException(
                "there is no role sluice_operator: run ./sluice migrate", e.getSQLState(), e);
        case NOT_ALLOWED ->
            new SQLException(
                "this user may not act as sluice_operator: let a superuser, or who made that role,"
                    + " run GRANT sluice_operator TO "
                    + connection.getMetaData().getUserName(),
                e.getSQLState(),
                e);
        default -> e;
      };
    }
  }

  /** Is oneself again. */
  static void leave(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("reset role");
    }
  }
}
