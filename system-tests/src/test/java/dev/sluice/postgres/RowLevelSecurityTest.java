package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.localstack.postgres.EphemeralDatabase;
import dev.sluice.localstack.postgres.EphemeralPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each function sees its tenant's rows through its own role, and may do no more than it must. */
@Tag("servers")
class RowLevelSecurityTest {
  private static final String OWNER = "a0000000-0000-4000-8000-000000000001";
  private static final String STRANGER = "a0000000-0000-4000-8000-000000000002";

  private static EphemeralDatabase database;

  @BeforeAll
  static void storeOneTenantsRows() throws Exception {
    database = EphemeralPostgres.newDatabase();
    try (var connection = database.connect();
        var command = connection.createStatement();
        var rows = RowLevelSecurityTest.class.getResourceAsStream("/valid-rows.sql")) {
      command.execute(new String(rows.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sluice_api",
        "sluice_parse",
        "sluice_validate",
        "sluice_chunk",
        "sluice_embed",
        "sluice_finalize"
      })
  void showsARoleItsTenantsJobsOnly(String role) throws SQLException {
    assertThat(jobsSeenBy(role, OWNER)).isEqualTo("1");
    assertThat(jobsSeenBy(role, STRANGER)).isEqualTo("0");
    assertThat(jobsSeenBy(role, "")).isEqualTo("0");
  }

  @Test
  void aUsedConnectionCarriesNoTenantIntoTheNextTransaction() throws SQLException {
    try (var connection = database.connectAs("sluice_api")) {
      connection.setAutoCommit(false);
      actAs(connection, OWNER);
      connection.commit();
      assertThat(Sql.queryForText(connection, "select count(*) from upload_jobs")).isEqualTo("0");
    }
  }

  @Test
  void refusesARowOfAnotherTenant() throws SQLException {
    try (var connection = database.connectAs("sluice_api")) {
      connection.setAutoCommit(false);
      actAs(connection, STRANGER);
      assertThatThrownBy(
              () ->
                  Sql.update(
                      connection,
                      """
                      insert into documents (document_id, user_id, filename, mime_type)
                      values (gen_random_uuid(), cast(? as uuid), 'x', 'text/plain')
                      """,
                      OWNER))
          .hasMessageContaining("violates row-level security policy");
    }
  }

  @Test
  void letsTheSweepSeeEveryTenant() throws SQLException {
    assertThat(jobsSeenBy("sluice_sweep", "")).isEqualTo("1");
  }

  @Test
  void letsNoFunctionChangeWhatHasHappened() throws SQLException {
    for (var role : List.of("sluice_api", "sluice_parse", "sluice_finalize", "sluice_sweep")) {
      try (var connection = database.connectAs(role)) {
        assertThatThrownBy(() -> Sql.update(connection, "delete from job_events"))
            .hasMessageContaining("permission denied for table job_events");
        assertThatThrownBy(() -> Sql.update(connection, "update job_events set kind = 'operator'"))
            .hasMessageContaining("permission denied for table job_events");
      }
    }
  }

  @Test
  void searchFindsNothingWithoutATenant() throws SQLException {
    assertThat(found("")).isEqualTo("0");
    assertThat(found(STRANGER)).isEqualTo("0");
  }

  @Test
  void searchFindsTheActiveGenerationOnly() throws SQLException {
    assertThat(found(OWNER)).isEqualTo("0");
    try (var connection = database.connect()) {
      Sql.update(connection, "update documents set active_generation = 1");
      assertThat(found(OWNER)).isEqualTo("1");
      Sql.update(connection, "update documents set active_generation = null");
    }
  }

  private static String found(String tenant) throws SQLException {
    try (var connection = database.connectAs("sluice_api")) {
      connection.setAutoCommit(false);
      actAs(connection, tenant);
      return Sql.queryForText(
          connection,
          """
          select count(*)
          from search_chunks(array_fill(0.1::real, array[1536])::vector, 'model', '1', null, 10)
          """);
    }
  }

  private static String jobsSeenBy(String role, String tenant) throws SQLException {
    try (var connection = database.connectAs(role)) {
      connection.setAutoCommit(false);
      actAs(connection, tenant);
      return Sql.queryForText(connection, "select count(*) from upload_jobs");
    }
  }

  private static void actAs(Connection connection, String tenant) throws SQLException {
    Sql.queryForText(connection, "select set_config('app.user_id', ?, true)", tenant);
  }
}
