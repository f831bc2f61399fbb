package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.localstack.postgres.EphemeralDatabase;
import dev.sluice.localstack.postgres.EphemeralPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Violates each constraint of the schema once. */
@Tag("servers")
class SchemaTest {
  private static final Pattern VIOLATION =
      Pattern.compile("-- violates (\\w+)\\n(.*?);\\n", Pattern.DOTALL);

  /**
   * Wider than their table's primary key: they cannot be broken alone, and exist for foreign keys.
   */
  private static final Set<String> IMPLIED_BY_THE_PRIMARY_KEY =
      Set.of("documents_tenant", "upload_jobs_tenant", "document_chunk_buffer_embedded_text");

  private static EphemeralDatabase database;
  private Connection connection;

  @BeforeAll
  static void createDatabase() {
    database = EphemeralPostgres.newDatabase();
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  @BeforeEach
  void storeValidRows() throws SQLException {
    connection = database.connect();
    connection.setAutoCommit(false);
    execute(resource("/valid-rows.sql"));
  }

  @AfterEach
  void forgetThem() throws SQLException {
    connection.rollback();
    connection.close();
  }

  static Stream<Arguments> violations() {
    return VIOLATION
        .matcher(resource("/violations.sql"))
        .results()
        .map(m -> Arguments.of(m.group(1), m.group(2)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("violations")
  void refuses(String constraint, String statement) {
    assertThatThrownBy(() -> execute(statement))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining('"' + constraint + '"');
  }

  @Test
  void everyConstraintIsViolatedByOneStatement() throws SQLException {
    var constraints =
        new TreeSet<>(
            Sql.query(
                connection,
                """
                select conname
                from pg_constraint
                where connamespace = 'public'::regnamespace and contype in ('c', 'u', 'p', 'f')
                  and conrelid <> 'flyway_schema_history'::regclass
                """,
                row -> row.getString(1)));
    constraints.removeAll(IMPLIED_BY_THE_PRIMARY_KEY);
    var violated =
        violations().map(v -> (String) v.get()[0]).collect(Collectors.toCollection(TreeSet::new));
    assertThat(violated).isEqualTo(constraints);
  }

  @Test
  void everyTableWithATenantIsFenced() throws SQLException {
    var unfenced =
        Sql.query(
            connection,
            """
            select c.relname
            from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id'
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
              and not (c.relrowsecurity and c.relforcerowsecurity)
            """,
            row -> row.getString(1));
    assertThat(unfenced).isEmpty();
  }

  private void execute(String statement) throws SQLException {
    try (var command = connection.createStatement()) {
      command.execute(statement);
    }
  }

  private static String resource(String name) {
    try (var stream = SchemaTest.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
