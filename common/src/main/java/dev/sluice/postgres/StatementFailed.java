package dev.sluice.postgres;

import java.sql.SQLException;

/** A statement that PostgreSQL refused or did not answer; its transaction is rolled back. */
public final class StatementFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StatementFailed(SQLException cause) {
    super(cause);
  }
}
