package dev.sluice.localstack.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresTest {
  @TempDir Path directory;

  @Test
  void listensOnLoopbackWithPasswordsAndNothingElse() throws Exception {
    try (LocalPostgres postgres = start(0)) {
      PostgresAddress server = postgres.superuser();
      assertThat(setting(server, "listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(setting(server, "unix_socket_directories")).isEmpty();
      assertThat(setting(server, "password_encryption")).isEqualTo("scram-sha-256");
      assertThat(setting(server, "server_encoding")).isEqualTo("UTF8");
      assertThat(setting(server, "max_connections")).isEqualTo("100");
      assertThat(setting(server, "fsync")).isEqualTo("off");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve("password"))))
          .isEqualTo("rw-------");
      assertThatThrownBy(() -> server.as("postgres", "guess").connect("postgres"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
      assertThat(server.toString()).doesNotContain(server.password());
    }
  }

  @Test
  void syncsWhatItCommitsUnlessToldOtherwise() throws Exception {
    LocalPostgres.Settings settings =
        new LocalPostgres.Settings(directory, 0, true, withoutServer(), line -> {});
    try (LocalPostgres postgres = LocalPostgres.start(settings)) {
      assertThat(setting(postgres.superuser(), "fsync")).isEqualTo("on");
      assertThat(setting(postgres.superuser(), "synchronous_commit")).isEqualTo("on");
    }
  }

  @Test
  void hasTheVectorExtension() throws Exception {
    try (LocalPostgres postgres = start(0)) {
      execute(postgres, "create extension vector");
      assertThat(value(postgres.superuser(), "select '[1,2]'::vector <-> '[1,4]'::vector"))
          .isEqualTo("2");
    }
  }

  @Test
  void keepsWhatWasCommittedOverAShutdownAndOverACrash() throws Exception {
    try (LocalPostgres postgres = start(0)) {
      execute(postgres, "create table kept (n int)");
      execute(postgres, "insert into kept values (1)");
    }
    LocalPostgres crashing = start(0);
    execute(crashing, "insert into kept values (2)");
    crashing.crash();
    crashing.close();
    try (LocalPostgres postgres = start(0)) {
      assertThat(value(postgres.superuser(), "select sum(n) from kept")).isEqualTo("3");
    }
  }

  @Test
  void takesOverTheServerThatAKilledProcessLeft() throws Exception {
    Process killed = otherProcess();
    try (BufferedReader output = killed.inputReader()) {
      String port = output.readLine();
      killed.destroyForcibly().waitFor();
      try (LocalPostgres postgres = start(Integer.parseInt(port))) {
        assertThat(postgres.ours()).isTrue();
        assertThat(value(postgres.superuser(), "select n from mark")).isEqualTo("7");
        assertThat(
                value(
                    postgres.superuser(),
                    "select pg_postmaster_start_time() < (select at from mark)"))
            .as("the orphan itself was kept")
            .isEqualTo("t");
      }
      assertThat(refusesConnections(Integer.parseInt(port))).isTrue();
    }
  }

  @Test
  void restartsAnOrphanOnThePortThatIsAskedFor() throws Exception {
    Process killed = otherProcess();
    try (BufferedReader output = killed.inputReader()) {
      String port = output.readLine();
      killed.destroyForcibly().waitFor();
      int other = freePort();
      try (LocalPostgres postgres = start(other)) {
        assertThat(postgres.superuser().port()).isEqualTo(other);
        assertThat(value(postgres.superuser(), "select n from mark")).isEqualTo("7");
        assertThat(refusesConnections(Integer.parseInt(port))).isTrue();
      }
    }
  }

  @Test
  void leavesTheServerOfALiveOwnerRunning() throws Exception {
    try (LocalPostgres owner = start(0)) {
      LocalPostgres guest = start(0);
      assertThat(guest.ours()).isFalse();
      assertThat(guest.superuser()).isEqualTo(owner.superuser());
      assertThatThrownBy(guest::crash)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("belongs to somebody else");
      guest.close();
      assertThat(value(owner.superuser(), "select 1")).isEqualTo("1");
    }
  }

  @Test
  void startsWhenTheDeadServersProcessIdBelongsToAnotherProgramByNow() throws Exception {
    LocalPostgres crashing = start(0);
    Path processId = directory.resolve("data/postmaster.pid");
    List<String> lines = Files.readAllLines(processId);
    crashing.crash();
    lines.set(0, String.valueOf(ProcessHandle.current().pid()));
    Files.write(processId, lines);
    try (LocalPostgres postgres = start(0)) {
      assertThat(value(postgres.superuser(), "select 1")).isEqualTo("1");
    }
  }

  @Test
  void saysThatThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      assertThatThrownBy(() -> start(taken.getLocalPort()))
          .isInstanceOf(PostgresUnavailable.class)
          .hasMessage(
              "Port %d, which PostgreSQL should get, is taken by another program.",
              taken.getLocalPort());
    }
    try (LocalPostgres postgres = start(0)) {
      assertThat(postgres.ours()).as("the failed start let go of the directory").isTrue();
    }
  }

  @Test
  void saysWhereTheLogIsWhenTheServerDoesNotStart() throws Exception {
    start(0).close();
    Files.writeString(directory.resolve("data/postgresql.conf"), "no_such_setting = 1\n");
    assertThatThrownBy(() -> start(0))
        .isInstanceOf(PostgresUnavailable.class)
        .hasMessageContaining("PostgreSQL did not start; its log is " + directory.resolve("log"));
  }

  @Test
  void usesTheServerOfTheEnvironmentAndLeavesItAlone() throws Exception {
    try (LocalPostgres owner = start(0)) {
      String url = owner.superuser().url("postgres") + "?user=postgres&ApplicationName=x&password=";
      LocalPostgres external = LocalPostgres.start(external(url + owner.superuser().password()));
      assertThat(external.ours()).isFalse();
      assertThat(external.superuser().url("sluice")).endsWith("/sluice?ApplicationName=x");
      external.close();
      assertThat(value(owner.superuser(), "select 1")).isEqualTo("1");
      assertThatThrownBy(() -> LocalPostgres.start(external(url + "guess")))
          .isInstanceOf(PostgresUnavailable.class)
          .hasMessageContaining("does not answer: FATAL: password authentication failed")
          .hasMessageNotContaining("guess");
      execute(owner, "create role plain login password 'plain'");
      String plain = owner.superuser().url("postgres") + "?user=plain&password=plain";
      assertThatThrownBy(() -> LocalPostgres.start(external(plain)))
          .isInstanceOf(PostgresUnavailable.class)
          .hasMessageContaining("the user must be a superuser");
    }
  }

  @Test
  void refusesAUrlWithoutAUser() {
    assertThatThrownBy(() -> LocalPostgres.start(external("mysql://127.0.0.1/x")))
        .isInstanceOf(PostgresUnavailable.class)
        .hasMessageContaining(
            "DATABASE_URL must look like jdbc:postgresql://HOST:PORT/postgres?user=NAME");
  }

  private LocalPostgres.Settings external(String url) {
    return new LocalPostgres.Settings(
        directory.resolve("unused"), 0, false, Map.of("DATABASE_URL", url), line -> {});
  }

  private LocalPostgres start(int port) {
    return LocalPostgres.start(
        new LocalPostgres.Settings(directory, port, false, withoutServer(), line -> {}));
  }

  static Map<String, String> withoutServer() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.remove("DATABASE_URL");
    return environment;
  }

  private Process otherProcess() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ProcessBuilder(
            java.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            OtherProcess.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Starts the server, leaves a mark in it, tells the port and waits to be killed. */
  static final class OtherProcess {
    public static void main(String[] arguments) throws Exception {
      LocalPostgres postgres =
          LocalPostgres.start(
              new LocalPostgres.Settings(
                  Path.of(arguments[0]), 0, false, withoutServer(), line -> {}));
      execute(postgres, "create table mark as select 7 as n, clock_timestamp() as at");
      System.out.println(postgres.superuser().port());
      Thread.currentThread().join();
    }
  }

  private static boolean refusesConnections(int port) {
    try (var socket = new java.net.Socket("127.0.0.1", port)) {
      return !socket.isConnected();
    } catch (java.io.IOException e) {
      return true;
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static String setting(PostgresAddress server, String name) throws SQLException {
    return value(server, "show " + name);
  }

  private static void execute(LocalPostgres postgres, String sql) throws SQLException {
    try (Connection connection = postgres.superuser().connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String value(PostgresAddress server, String sql) throws SQLException {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
