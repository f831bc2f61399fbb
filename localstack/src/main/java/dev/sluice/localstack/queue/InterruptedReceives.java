package dev.sluice.localstack.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/**
 * Messages that were in somebody's hands when a run was killed. All who receive from the local
 * queues end with the run, so nobody will delete those messages any more; without this they would
 * stay hidden for what is left of their visibility timeout, minutes in which a person only waits.
 */
public final class InterruptedReceives {
  private static final String RELEASE =
      """
      update %s set next_delivery = ? where receive_count > 0 and next_delivery > ?
      """;

  private InterruptedReceives() {}

  /**
   * Makes them visible at once; to be called while no server runs on the directory.
   *
   * @return how many messages it were
   */
  public static int release(Path directory, Instant now) throws IOException {
    if (!StoredQueues.exist(directory)) {
      return 0;
    }
    try (Connection connection = DriverManager.getConnection(QueueServer.url(directory), "", "");
        Statement statement = connection.createStatement()) {
      int released = 0;
      for (String table : StoredQueues.messageTables(statement)) {
        released += release(connection, statement.enquoteIdentifier(table, true), now);
      }
      statement.execute("shutdown");
      return released;
    } catch (SQLException e) {
      throw new IOException("The queues in " + directory + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static int release(Connection connection, String table, Instant now) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(RELEASE.formatted(table))) {
      update.setLong(1, now.toEpochMilli());
      update.setLong(2, now.toEpochMilli());
      return update.executeUpdate();
    }
  }
}
