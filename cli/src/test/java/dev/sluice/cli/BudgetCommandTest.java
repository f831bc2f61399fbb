package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.postgres.EphemeralDatabase;
import dev.sluice.localstack.postgres.EphemeralPostgres;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetCommandTest {
  @TempDir Path folder;

  @Test
  @Tag("servers")
  void setsLimitsAndPausesAndSaysHowThingsStand() throws IOException {
    try (EphemeralDatabase database = EphemeralPostgres.newDatabase()) {
      String url = url(database);
      assertThat(run(url).out())
          .isEqualTo(
              """
              Spent $0 today and $0 in all; $0 is reserved for calls under way.
              Limits: none a document, none a tenant, none a tenant and day.
              """);
      assertThat(run(url, "set", "--document", "2.50", "--day", "0").out())
          .endsWith("Limits: $2.5 a document, none a tenant, $0 a tenant and day.\n");
      assertThat(run(url, "set", "--day", "none").out())
          .endsWith("Limits: $2.5 a document, none a tenant, none a tenant and day.\n");
      assertThat(run(url, "pause").out()).startsWith("Paid calls are paused");
      assertThat(run(url, "resume", "--json").json().get("paused").asBoolean()).isFalse();
      assertThat(run(url, "--json").json().get("document_limit").decimalValue())
          .isEqualByComparingTo("2.5");
    }
  }

  @Test
  void refusesWhatIsNoLimit() {
    Bench bench = new Bench(folder);
    assertThat(bench.run("budget", "set")).isEqualTo(2);
    assertThat(bench.run("budget", "spend")).isEqualTo(2);
    assertThat(bench.run("budget", "--database-url", "postgres://x")).isEqualTo(2);
    assertThat(bench.run("budget")).as("no cloud runs").isEqualTo(2);
    assertThat(bench.err()).contains("name a limit", "the URL must look like");
  }

  @Test
  @Tag("servers")
  void refusesWhatIsNoAmount() {
    try (EphemeralDatabase database = EphemeralPostgres.newDatabase()) {
      for (String wrong : new String[] {"much", "-1", "1e30"}) {
        Bench bench = new Bench(folder);
        assertThat(bench.run("budget", "set", "--day", wrong, "--database-url", url(database)))
            .isEqualTo(2);
        assertThat(bench.err()).contains(wrong + " is no amount of dollars");
      }
    }
  }

  private Bench run(String url, String... arguments) {
    Bench bench = new Bench(folder);
    String[] all = new String[arguments.length + 3];
    all[0] = "budget";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[arguments.length + 1] = "--database-url";
    all[arguments.length + 2] = url;
    assertThat(bench.run(all)).as(bench.err()).isZero();
    return bench;
  }

  private static String url(EphemeralDatabase database) {
    return database.url()
        + "?user="
        + database.superuser().user()
        + "&password="
        + database.superuser().password();
  }
}
