package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.postgres.LocalPostgres;
import dev.sluice.localstack.postgres.PostgresAddress;
import dev.sluice.postgres.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database as a cloud offers it, where nobody is a superuser: row-level security holds all. */
@Tag("servers")
class OwnerWhoIsNoSuperuserTest {
  private static final String OWNER = "create role deployer login createrole password 'deployer'";

  private static final String SPENT =
      """
      insert into budgets (user_id, scope, scope_id, spent_nanousd) values (?, 'tenant', 'all', 2500000000)
      """;

  @TempDir private static Path folder;

  private static LocalPostgres server;
  private static PostgresAddress owner;
  private static String url;

  @BeforeAll
  static void migrate() throws SQLException, IOException {
    var environment = new HashMap<>(System.getenv());
    environment.remove("DATABASE_URL");
    server =
        LocalPostgres.start(
            new LocalPostgres.Settings(
                folder.resolve("postgres"), 0, false, environment, line -> {}));
    try (var superuser = server.superuser().connect("postgres")) {
      Sql.update(superuser, OWNER);
      Sql.update(superuser, "create database sluice owner deployer");
    }
    try (var superuser = server.superuser().connect("sluice")) {
      Sql.update(superuser, "create extension vector");
    }
    owner = server.superuser().as("deployer", "deployer");
    url = owner.url("sluice") + "?user=deployer&password=deployer";
    var passwords = Files.writeString(folder.resolve("roles.json"), "{\"sluice_api\": \"secret\"}");
    var unused = run("migrate", "--passwords", passwords.toString());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void letsTheFunctionsIn() throws SQLException {
    try (var api = server.superuser().as("sluice_api", "secret").connect("sluice")) {
      assertThat(api.isValid(5)).isTrue();
    }
  }

  @Test
  void theOwnerSeesNoTenantUnlessItSaysThatItIsAnOperator() throws SQLException {
    try (var superuser = server.superuser().connect("sluice");
        var session = owner.connect("sluice")) {
      Passages.document(superuser, UUID.randomUUID(), UUID.randomUUID());
      assertThat(documents(session)).isEqualTo("0");
      Sql.update(session, "set role sluice_operator");
      assertThat(documents(session)).isNotEqualTo("0");
    }
  }

  @Test
  void budgetShowsWhatAllTenantsHaveSpent() throws SQLException {
    try (var superuser = server.superuser().connect("sluice")) {
      Sql.update(superuser, SPENT, UUID.randomUUID());
    }
    assertThat(run("budget").out()).startsWith("Spent $0 today and $2.5 in all;");
    assertThat(run("budget", "set", "--day", "7").out()).contains("$7 a tenant and day");
    assertThat(run("budget", "pause").out()).startsWith("Paid calls are paused");
  }

  @Test
  void indexFindsTheTenantsWithManyPassages() throws SQLException {
    var user = UUID.randomUUID();
    var documentId = UUID.randomUUID();
    try (var superuser = server.superuser().connect("sluice")) {
      Passages.seed(superuser);
      Passages.document(superuser, user, documentId);
      Passages.add(superuser, user, documentId, 2, 1, 300);
    }
    assertThat(run("index", "--rows", "200", "--memory", "64").out())
        .isEqualTo("Tenant " + user + ": 300 passages indexed.\n");
    try (var superuser = server.superuser().connect("sluice");
        var api = server.superuser().as("sluice_api", "secret").connect("sluice")) {
      var question = Passages.vector(superuser, documentId, 17);
      assertThat(Passages.nearest(api, user, question, null)).hasSize(10).startsWith("17");
      assertThat(Passages.nearest(api, UUID.randomUUID(), question, null)).isEmpty();
      assertThat(Passages.scans(superuser)).isNotEqualTo("0");
    }
    assertThat(run("index", "--rows", "200", "--memory", "64").out()).isEqualTo("Nothing to do.\n");
    assertThat(run("index", "--rows", "1000", "--memory", "64").out())
        .isEqualTo("Tenant " + user + ": 300 passages scanned from now on.\n");
  }

  private static String documents(Connection session) throws SQLException {
    return Sql.queryForText(session, "select count(*) from documents");
  }

  private static Bench run(String... arguments) {
    var bench = new Bench(folder);
    var all = new ArrayList<>(List.of(arguments));
    all.add("--database-url");
    all.add(url);
    assertThat(bench.run(all.toArray(String[]::new))).as(bench.err()).isZero();
    return bench;
  }
}
