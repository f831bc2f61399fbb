package dev.sluice.localstack.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseMigratorTest {
  @TempDir static Path directory;
  private static LocalPostgres postgres;

  @BeforeAll
  static void start() {
    postgres =
        LocalPostgres.start(
            new LocalPostgres.Settings(
                directory, 0, false, LocalPostgresTest.withoutServer(), line -> {}));
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void makesTheDatabaseOnceAndThenFindsNothingToDo() throws Exception {
    DatabaseMigrator migrator = new DatabaseMigrator(postgres.superuser());
    assertThat(migrator.migrate("once", Map.of())).isPositive();
    assertThat(migrator.migrate("once", Map.of())).isZero();
    assertThat(count(postgres.superuser(), "once", "select count(*) from documents")).isZero();
  }

  @Test
  void letsARoleInWithThePasswordOfTheLastMigration() throws Exception {
    DatabaseMigrator migrator = new DatabaseMigrator(postgres.superuser());
    migrator.migrate("roles", Map.of("sluice_chunk", "first"));
    migrator.migrate("roles", Map.of("sluice_chunk", "second"));
    PostgresAddress role = postgres.superuser().as("sluice_chunk", "second");
    assertThat(count(role, "roles", "select count(*) from upload_jobs")).isZero();
    assertThat(
            count(
                postgres.superuser(),
                "roles",
                "select count(*) from pg_roles where rolname like 'sluice%' and (rolsuper or rolbypassrls)"))
        .isZero();
    assertThatThrownBy(() -> postgres.superuser().as("sluice_chunk", "first").connect("roles"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
    assertThat(Files.readString(directory.resolve("log"))).doesNotContain("first", "second");
  }

  @Test
  void migratesSeveralDatabasesOfOneServerAtOnce() throws Exception {
    List<Future<Integer>> migrations = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        String database = "together_" + i / 2;
        migrations.add(
            threads.submit(
                () ->
                    new DatabaseMigrator(postgres.superuser())
                        .migrate(database, Map.of("sluice_api", "same", "sluice_embed", "same"))));
      }
    }
    int applied = 0;
    for (Future<Integer> migration : migrations) {
      applied += migration.get();
    }
    assertThat(applied).as("each database was migrated once").isPositive();
    assertThat(
            count(
                postgres.superuser().as("sluice_api", "same"),
                "together_0",
                "select count(*) from documents"))
        .isZero();
    assertThat(
            count(
                postgres.superuser().as("sluice_embed", "same"),
                "together_1",
                "select count(*) from documents"))
        .isZero();
  }

  @Test
  void refusesARoleThatTheMigrationsDoNotMake() {
    assertThatThrownBy(
            () ->
                new DatabaseMigrator(postgres.superuser())
                    .migrate("odd", Map.of("nobody_knows", "x")))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("role \"nobody_knows\" does not exist");
  }

  private static long count(PostgresAddress who, String database, String sql) throws SQLException {
    try (Connection connection = who.connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
