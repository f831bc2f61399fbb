package dev.sluice.localstack.queue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What the queues' file holds when a server is about to start on it.
 *
 * @param names of the queues
 * @param messages of all of them together, visible or not
 */
record StoredQueues(List<String> names, long messages) {
  private static final String NAMES =
      """
      select name from queue order by name
      """;

  private static final String TABLES =
      """
      select table_name from information_schema.tables
      where table_schema = 'PUBLIC' and table_name like 'MESSAGE\\_%' escape '\\'
      """;

  private static final String QUEUE_TABLE =
      """
      select table_name from information_schema.tables
      where table_schema = 'PUBLIC' and table_name = 'QUEUE'
      """;

  private static final String COUNT =
      """
      select count(*) from %s
      """;

  StoredQueues {
    names = List.copyOf(names);
  }

  static boolean exist(Path directory) {
    return Files.exists(directory.resolve("queues.mv.db"));
  }

  static StoredQueues read(Path directory) throws SQLException {
    if (!exist(directory)) {
      return new StoredQueues(List.of(), 0);
    }
    try (Connection connection = DriverManager.getConnection(QueueServer.url(directory), "", "");
        Statement statement = connection.createStatement()) {
      if (column(statement, QUEUE_TABLE).isEmpty()) {
        return new StoredQueues(List.of(), 0);
      }
      long messages = 0;
      for (String table : messageTables(statement)) {
        String count = COUNT.formatted(statement.enquoteIdentifier(table, true));
        messages += Long.parseLong(column(statement, count).getFirst());
      }
      return new StoredQueues(column(statement, NAMES), messages);
    }
  }

  /** The tables with messages, one a queue. */
  static List<String> messageTables(Statement statement) throws SQLException {
    return column(statement, TABLES);
  }

  private static List<String> column(Statement statement, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
