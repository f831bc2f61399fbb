package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.crash.Outages.Trouble;
import dev.sluice.localstack.fault.FunctionGates.Server;
import dev.sluice.localstack.fault.FunctionProcesses;
import dev.sluice.localstack.postgres.LocalPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Servers that go away under load, and come back. */
@Tag("crash")
class OutageTest {
  private static final int DOCUMENTS = 3;

  /** Of each document the parse and two embedding calls may be in the air. */
  private static final int MOST_IN_THE_AIR = 3 * DOCUMENTS;

  private static final Duration AWAY = Duration.ofSeconds(60);

  private static final String TERMINATE =
      """
      select count(pg_terminate_backend(pid)) from pg_stat_activity where usename like 'sluice\\_%'
      """;

  private static final List<CellResult> RESULTS = new ArrayList<>();

  /** Started here in the place of the cloud's own, which has gone. */
  private static final List<LocalPostgres> STARTED = new ArrayList<>();

  private static CrashMatrix matrix;

  @BeforeAll
  static void start() throws Exception {
    matrix = CrashMatrix.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (matrix != null) {
      matrix.close();
    }
    STARTED.forEach(LocalPostgres::close);
    ReliabilityPage.writeOutages(
        "Outages",
        "Three documents on their way when it begins. The time to recover counts from its end.",
        RESULTS);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "POSTGRES")
  void aServerThatIsDownForAMinuteDelaysEverythingAndLosesNothing(Server server) throws Exception {
    check(
        server.name(),
        "refuses connections for 60 s",
        // For the secrets' sake processes are killed.
        server == Server.SECRETS ? MOST_IN_THE_AIR : 0,
        time -> {
          if (server == Server.SECRETS) {
            // Who has read his password does not ask again.
            CrashCloud.FUNCTIONS.keySet().forEach(FunctionProcesses::kill);
          }
          matrix.cloud.gates.refuse(server);
          time.until(AWAY, () -> false);
          matrix.cloud.gates.open(server);
        });
  }

  @Test
  void postgresMayStopAndStartUnderLoad() throws Exception {
    check(
        "POSTGRES",
        "crashes and is started again after 20 s",
        MOST_IN_THE_AIR,
        time -> {
          matrix.cloud.databaseIsAway(true);
          matrix.cloud.cloud.servers().postgres().crash();
          time.until(Duration.ofSeconds(20), () -> false);
          STARTED.add(LocalPostgres.start(settings()));
          matrix.cloud.databaseIsAway(false);
        });
  }

  @Test
  void postgresMayCutItsConnectionsAgainAndAgain() throws Exception {
    check(
        "POSTGRES",
        "ends all connections, ten times",
        MOST_IN_THE_AIR,
        time -> {
          for (int i = 0; i < 10; i++) {
            var unused = matrix.cloud.ask(TERMINATE);
            time.until(Duration.ofSeconds(1), () -> false);
          }
        });
  }

  @Test
  void postgresMayRunOutOfConnections() throws Exception {
    check(
        "POSTGRES",
        "has no connection left for 60 s",
        MOST_IN_THE_AIR,
        time -> {
          limitConnections(0);
          var unused = matrix.cloud.ask(TERMINATE);
          time.until(AWAY, () -> false);
          limitConnections(-1);
        });
  }

  private static void limitConnections(int limit) throws Exception {
    try (var connection = matrix.cloud.cloud.servers().postgres().superuser().connect("postgres");
        var statement = connection.createStatement()) {
      for (var function : CrashCloud.FUNCTIONS.keySet()) {
        statement.execute("alter role sluice_%s connection limit %d".formatted(function, limit));
      }
    }
  }

  private static LocalPostgres.Settings settings() {
    int port = matrix.cloud.cloud.servers().postgres().superuser().port();
    return new LocalPostgres.Settings(
        CrashMatrix.STATE.resolve("postgres"), port, false, System.getenv(), line -> {});
  }

  private static void check(String where, String what, int mostPaidMore, Trouble trouble)
      throws Exception {
    var result = new Outages(matrix, DOCUMENTS).endure(where, what, mostPaidMore, trouble);
    RESULTS.add(result);
    assertThat(result.violations()).as(where + " " + what).isEmpty();
  }
}
