package dev.sluice.localstack.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
  @TempDir Path machine;

  @Test
  void takesTheNewestInstallationThatHasTheExtension() throws Exception {
    Path older = installation("16", "0.8.0");
    Path newer = installation("17", "0.8.0");
    Path newestWithout = installation("18", "");
    assertThat(InstalledPostgres.newest(List.of(newestWithout, newer, older)))
        .contains(new PostgresBinaries(newer, List.of()));
    assertThat(InstalledPostgres.newest(List.of(newestWithout))).isEmpty();
  }

  @Test
  void leavesOutAnInstallationWhoseExtensionIsTooOld() throws Exception {
    assertThat(InstalledPostgres.newest(List.of(installation("16", "0.7.4")))).isEmpty();
  }

  @Test
  void findsAnInstallationThroughTheSearchPath() throws Exception {
    Path installed = installation("99", "0.8.0");
    Path links = Files.createDirectory(machine.resolve("links"));
    Files.createSymbolicLink(links.resolve("initdb"), installed.resolve("initdb"));
    assertThat(InstalledPostgres.find("/nowhere:" + links))
        .contains(new PostgresBinaries(installed, List.of()));
  }

  @Test
  void believesWhatPgConfigSays() throws Exception {
    Path installed = installation("98", "");
    Path share = Files.createDirectories(machine.resolve("elsewhere/extension")).getParent();
    control(share.resolve("extension"), "0.10.1");
    program(installed, "pg_config", "[ $1 = --bindir ] && echo " + installed + " || echo " + share);
    assertThat(InstalledPostgres.find(installed.toString()))
        .contains(new PostgresBinaries(installed, List.of()));
  }

  @Test
  void leavesOutAnInstallationWithoutAServer() throws Exception {
    Path client = installation("17", "0.8.0");
    Files.delete(client.resolve("postgres"));
    assertThat(InstalledPostgres.newest(List.of(client))).isEmpty();
  }

  @Test
  void namesTheToolsThatABuildMisses() throws Exception {
    Path tools = Files.createDirectory(machine.resolve("tools"));
    for (String tool :
        List.of("dpkg", "tar", "gzip", "awk", "sed", "ldd", "flock", "apt-get", "apt-cache")) {
      program(tools, tool, "exit 1");
    }
    Command.Outcome outcome =
        new Command(
                List.of(
                    "/bin/bash",
                    Path.of("postgres/provision.sh").toAbsolutePath().toString(),
                    machine.resolve("build").toString()),
                Map.of("PATH", tools.toString()))
            .run();
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.explanation())
        .isEqualTo(
            "PostgreSQL with pgvector cannot be built here: this machine has no gcc make perl."
                + " Install what is missing, or a PostgreSQL that has pgvector, or set"
                + " DATABASE_URL.");
  }

  @Test
  void usesABuildThatIsThereWithoutRunningAnything() throws Exception {
    Path bin = Files.createDirectories(machine.resolve("postgres-15/bin"));
    for (String name : List.of("postgres", "initdb", "pg_ctl")) {
      program(bin, name, "exit 1");
    }
    Path libraries =
        Files.createDirectories(machine.resolve("postgres-15/usr/lib/x86_64-linux-gnu"));
    PostgresBinaries found = PrivatePostgres.provide(machine, line -> {});
    assertThat(found).isEqualTo(new PostgresBinaries(bin, List.of(libraries)));
  }

  @Test
  void passesOnTheReasonWhyABuildIsNotPossible() throws Exception {
    Path file = Files.createFile(machine.resolve("file"));
    assertThatThrownBy(() -> PrivatePostgres.provide(file, line -> {}))
        .isInstanceOf(PostgresUnavailable.class)
        .hasMessageContaining("Cannot write to " + file);
  }

  private Path installation(String version, String vector) throws IOException {
    Path bin = Files.createDirectories(machine.resolve(version + "/bin"));
    program(bin, "postgres", "echo 'postgres (PostgreSQL) " + version + ".1'");
    program(bin, "initdb", "true");
    program(bin, "pg_ctl", "true");
    Path extensions = Files.createDirectories(machine.resolve(version + "/share/extension"));
    if (!vector.isEmpty()) {
      control(extensions, vector);
    }
    return bin;
  }

  private static void control(Path extensions, String version) throws IOException {
    Files.writeString(
        extensions.resolve("vector.control"),
        "comment = 'vectors'\ndefault_version = '" + version + "'\n");
  }

  private static void program(Path directory, String name, String line) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
