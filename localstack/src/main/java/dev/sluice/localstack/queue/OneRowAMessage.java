package dev.sluice.localstack.queue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a message in one queue's table. ElasticMQ 1.7.1 leaves its row behind when it moves a
 * message to the dead-letter queue: the next start would find it in both, and a move back would
 * meet the row that is still there, upon which nothing is stored any more until the process ends.
 *
 * <p>Public for H2, which makes it by its name.
 */
public final class OneRowAMessage implements Trigger {
  private static final String CREATE =
      """
      create trigger if not exists one_row_a_message_%s before insert on %s for each row call '%s'
      """;

  private static final String REMOVE =
      """
      delete from %s where message_id = ?
      """;

  private @Nullable List<String> tables;

  /** Watches over every queue that is there now, and returns how many they are. */
  static int watch(String database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database, "", "");
        Statement statement = connection.createStatement()) {
      List<String> tables = StoredQueues.messageTables(statement);
      for (String table : tables) {
        statement.execute(
            CREATE.formatted(
                table, statement.enquoteIdentifier(table, true), OneRowAMessage.class.getName()));
      }
      return tables.size();
    }
  }

  @Override
  public void fire(Connection connection, Object @Nullable [] before, Object @Nullable [] inserted)
      throws SQLException {
    if (inserted == null) {
      return;
    }
    for (String table : tables(connection)) {
      try (PreparedStatement remove = connection.prepareStatement(REMOVE.formatted(table))) {
        remove.setObject(1, inserted[0]);
        remove.executeUpdate();
      }
    }
  }

  /** Asked once: queues that are made later bring triggers of their own. */
  private List<String> tables(Connection connection) throws SQLException {
    List<String> known = tables;
    if (known == null) {
      try (Statement statement = connection.createStatement()) {
        known = StoredQueues.messageTables(statement);
      }
      tables = known;
    }
    return known;
  }
}
