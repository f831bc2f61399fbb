package dev.sluice.postgres;

import dev.sluice.secrets.Secrets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.PSQLState;

/** Connections whose user and password come from Secrets Manager, before and after a rotation. */
final class SecretLogin extends PGSimpleDataSource {
  private static final long serialVersionUID = 1L;

  private final transient Secrets secrets;
  private final String secretId;

  SecretLogin(Secrets secrets, String secretId) {
    this.secrets = secrets;
    this.secretId = secretId;
  }

  @Override
  public Connection getConnection() throws SQLException {
    var login = secrets.get(secretId);
    try {
      return connect(login);
    } catch (SQLException e) {
      if (!PSQLState.INVALID_PASSWORD.getState().equals(e.getSQLState())) {
        throw e;
      }
      var rotated = secrets.getAgain(secretId);
      if (rotated.equals(login)) {
        throw e;
      }
      return connect(rotated);
    }
  }

  private Connection connect(Map<String, String> login) throws SQLException {
    return getConnection(
        Objects.requireNonNull(login.get("username"), "username"),
        Objects.requireNonNull(login.get("password"), "password"));
  }
}
