package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.postgres.EphemeralDatabase;
import dev.sluice.localstack.postgres.EphemeralPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrateCommandTest {
  @TempDir Path folder;

  @Test
  @Tag("servers")
  void bringsADatabaseToTheNewestVersionAndLetsTheRolesIn() throws IOException, SQLException {
    try (EphemeralDatabase database = EphemeralPostgres.newDatabase()) {
      String password = database.superuser().password();
      Bench bench = new Bench(folder);
      bench.environment.put(
          "DATABASE_URL",
          database.url() + "?user=" + database.superuser().user() + "&password=" + password);
      Path roles = file("{\"sluice_api\": \"" + password + "\"}");

      assertThat(bench.run("migrate", "--passwords", roles.toString())).isZero();

      assertThat(bench.out())
          .startsWith("Applied 0 migrations to " + database.name() + " on ")
          .endsWith("; 1 role can log in.\n")
          .doesNotContain(password);
      try (Connection connection = database.connectAs("sluice_api")) {
        assertThat(connection.isValid(5)).isTrue();
      }
    }
  }

  @Test
  @Tag("servers")
  void saysWhyARoleCannotBeLetIn() throws IOException {
    try (EphemeralDatabase database = EphemeralPostgres.newDatabase()) {
      Bench bench = new Bench(folder);
      String url =
          database.url()
              + "?user="
              + database.superuser().user()
              + "&password="
              + database.superuser().password();
      Path roles = file("{\"sluice_nobody\": \"x\"}");

      assertThat(bench.run("migrate", "--database-url", url, "--passwords", roles.toString()))
          .isEqualTo(2);

      assertThat(bench.err())
          .startsWith("sluice: the database was not migrated: ")
          .contains("sluice_nobody");
    }
  }

  @Test
  void wantsADatabaseAndPasswords() throws IOException {
    Path roles = file("{}");
    Bench bench = new Bench(folder);
    assertThat(bench.run("migrate", "--passwords", roles.toString())).isEqualTo(2);
    assertThat(bench.err()).contains("name the database by --database-url or DATABASE_URL");

    Bench without = new Bench(folder);
    assertThat(without.run("migrate")).isEqualTo(2);
    assertThat(without.err()).contains("--stack").contains("--passwords");
  }

  @Test
  void saysThatTheDatabaseDoesNotAnswer() throws IOException {
    Bench bench = new Bench(folder);
    String url = "jdbc:postgresql://127.0.0.1:1/sluice?user=admin&password=secret&connectTimeout=1";
    assertThat(bench.run("migrate", "--database-url", url, "--passwords", file("{}").toString()))
        .isEqualTo(2);
    assertThat(bench.err())
        .startsWith("sluice: the database was not migrated: ")
        .doesNotContain("secret");
  }

  @Test
  void saysWhenThePasswordsCannotBeRead() throws IOException {
    Bench bench = new Bench(folder);
    String url = "jdbc:postgresql://127.0.0.1:1/sluice?user=admin";
    assertThat(bench.run("migrate", "--database-url", url, "--passwords", file("[").toString()))
        .isEqualTo(2);
    assertThat(bench.err()).startsWith("sluice: the roles' passwords could not be read: ");
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("roles.json"), content);
  }
}
