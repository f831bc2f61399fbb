package dev.sluice.localstack.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EphemeralPostgresTest {
  @TempDir Path directory;

  @Test
  void givesEachItsOwnMigratedDatabaseOnTheMachinesSharedCluster() throws Exception {
    try (EphemeralDatabase one = EphemeralPostgres.newDatabase();
        EphemeralDatabase other = EphemeralPostgres.newDatabase()) {
      assertThat(one.name()).isNotEqualTo(other.name());
      assertThat(one.url()).endsWith(one.name());
      try (Connection connection = one.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("create table only_here ()");
      }
      assertThat(value(other.connect(), "select to_regclass('only_here') is null")).isEqualTo("t");
      assertThat(value(one.connectAs("sluice_chunk"), "select current_user"))
          .isEqualTo("sluice_chunk");
    }
  }

  @Test
  void isStartedByTheFirstAndStoppedByTheLast() throws Exception {
    EphemeralPostgres first = start();
    String survivor = first.database().name();
    EphemeralDatabase database = first.database();
    assertThat(Files.exists(directory.resolve("data/postmaster.pid"))).isTrue();
    database.close();
    first.close();
    assertThat(Files.exists(directory.resolve("data/postmaster.pid"))).isFalse();

    try (EphemeralPostgres second = start();
        EphemeralDatabase fresh = second.database()) {
      assertThat(
              value(
                  fresh.connect(),
                  "select count(*) from pg_database where datname = '" + survivor + "'"))
          .as("what an earlier process did not drop is gone")
          .isEqualTo("0");
    }
  }

  @Test
  void makesTheClusterAnewWhenACrashOfTheMachineBrokeIt() throws Exception {
    start().close();
    Files.writeString(directory.resolve("data/global/pg_control"), "broken");
    try (EphemeralPostgres postgres = start();
        EphemeralDatabase database = postgres.database()) {
      assertThat(value(database.connect(), "select count(*) from documents")).isEqualTo("0");
    }
  }

  @Test
  void worksOnTheServerOfTheEnvironment() throws Exception {
    try (EphemeralPostgres ours = start();
        EphemeralDatabase database = ours.database()) {
      String url =
          database.superuser().url("postgres")
              + "?user=postgres&password="
              + database.superuser().password();
      try (EphemeralPostgres external =
              EphemeralPostgres.start(
                  directory.resolve("external"), java.util.Map.of("DATABASE_URL", url));
          EphemeralDatabase there = external.database()) {
        assertThat(there.superuser().port()).isEqualTo(database.superuser().port());
        assertThat(value(there.connect(), "select count(*) from documents")).isEqualTo("0");
      }
      assertThat(value(database.connect(), "select 1")).isEqualTo("1");
    }
  }

  private EphemeralPostgres start() {
    return EphemeralPostgres.start(directory, LocalPostgresTest.withoutServer());
  }

  private static String value(Connection opened, String sql) throws SQLException {
    try (Connection connection = opened;
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
