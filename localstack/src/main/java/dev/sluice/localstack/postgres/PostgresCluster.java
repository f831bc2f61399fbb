package dev.sluice.localstack.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One database cluster below a state directory: {@code data}, the superuser's {@code password}
 * (mode 0600) and the server's {@code log}. It listens on 127.0.0.1 only.
 */
final class PostgresCluster {
  static final String SUPERUSER = "postgres";

  /** Above every process id that Linux gives. */
  private static final String NOBODYS_PROCESS_ID = "4194305";

  private final PostgresBinaries binaries;
  private final ServerUser user;
  private final Path directory;
  private final Path data;
  private final boolean durable;

  PostgresCluster(PostgresBinaries binaries, ServerUser user, Path directory, boolean durable) {
    this.binaries = binaries;
    this.user = user;
    this.directory = directory;
    this.data = directory.resolve("data");
    this.durable = durable;
  }

  /** A server process of this cluster and the port that it was started with. */
  record Running(ProcessHandle process, int port) {}

  /** Creates the cluster if it does not exist; a creation that was killed leaves nothing behind. */
  void create() throws IOException {
    if (Files.exists(data.resolve("PG_VERSION"))) {
      return;
    }
    Files.createDirectories(directory);
    Path unfinished = directory.resolve("data.new");
    Directories.delete(unfinished);
    Files.createDirectory(unfinished, ownerOnly("rwx------"));
    user.own(unfinished);
    writePassword();
    must(
        binaries.command(
            user,
            "initdb",
            "--pgdata=" + unfinished,
            "--username=" + SUPERUSER,
            "--pwfile=" + directory.resolve("password"),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=" + (Files.isDirectory(Path.of("/proc")) ? "C.UTF-8" : "C"),
            durable ? "--no-instructions" : "--no-sync"),
        "PostgreSQL's data directory could not be made");
    Files.writeString(
        unfinished.resolve("postgresql.conf"),
        "include_if_exists = '../settings.conf'\n",
        StandardOpenOption.APPEND);
    Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Starts the server, or takes over one that an earlier, killed run left behind.
   *
   * @param wanted the port, or 0 for any free one
   * @return the port it listens on
   */
  int start(int wanted) throws IOException {
    create();
    Optional<Running> left = running();
    if (left.isPresent()) {
      int port = left.get().port();
      if ((wanted == 0 || wanted == port) && answers(port)) {
        return port;
      }
      stop();
    }
    disownStaleProcessId();
    int port = freePort(wanted);
    writeSettings(port);
    must(
        binaries.command(
            user,
            "pg_ctl",
            "start",
            "--silent",
            "--wait",
            "--timeout=60",
            "--pgdata=" + data,
            "--log=" + log()),
        "PostgreSQL did not start; its log is " + log());
    return port;
  }

  /** Ends sessions, writes everything out and waits for the end. */
  void stop() {
    if (running().isPresent() && !stop("fast")) {
      crash();
    }
  }

  /** Ends the server as a power failure would; the next start recovers from the write-ahead log. */
  void crash() {
    stop("immediate");
  }

  private boolean stop(String mode) {
    return binaries
        .command(
            user,
            "pg_ctl",
            "stop",
            "--silent",
            "--wait",
            "--timeout=30",
            "--mode=" + mode,
            "--pgdata=" + data)
        .run()
        .succeeded();
  }

  PostgresAddress address(int port) {
    return PostgresAddress.local(port, SUPERUSER, password());
  }

  Path log() {
    return directory.resolve("log");
  }

  /** The live server of this data directory, whoever started it. */
  Optional<Running> running() {
    try {
      List<String> lines = Files.readAllLines(processIdFile());
      if (lines.size() < 4) {
        return Optional.empty();
      }
      return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
          .filter(this::servesThisDirectory)
          .map(process -> new Running(process, Integer.parseInt(lines.get(3).strip())));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private boolean servesThisDirectory(ProcessHandle process) {
    return process.isAlive()
        && process.info().commandLine().filter(line -> line.contains(data.toString())).isPresent();
  }

  boolean answers(int port) {
    return address(port).answers();
  }

  /**
   * After a kill, the number in postmaster.pid may belong to another program by now, and PostgreSQL
   * would then refuse to start. The file itself stays: it also names the shared memory by which the
   * server finds out whether backends of the killed one are still alive.
   */
  private void disownStaleProcessId() throws IOException {
    if (Files.exists(processIdFile())) {
      List<String> lines = Files.readAllLines(processIdFile());
      if (!lines.isEmpty()) {
        lines.set(0, NOBODYS_PROCESS_ID);
        Files.write(processIdFile(), lines);
      }
    }
  }

  private Path processIdFile() {
    return data.resolve("postmaster.pid");
  }

  private static int freePort(int wanted) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), wanted));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new PostgresUnavailable(
          "Port " + wanted + ", which PostgreSQL should get, is taken by another program.", e);
    }
  }

  private void writeSettings(int port) throws IOException {
    Files.writeString(
        directory.resolve("settings.conf"),
        """
        listen_addresses = '127.0.0.1'
        port = %1$d
        unix_socket_directories = ''
        max_connections = 100
        password_encryption = 'scram-sha-256'
        timezone = 'UTC'
        log_timezone = 'UTC'
        jit = off
        fsync = %2$s
        synchronous_commit = on
        full_page_writes = %2$s
        """
            .formatted(port, durable ? "on" : "off"));
  }

  private void writePassword() throws IOException {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    Path file = directory.resolve("password");
    Files.deleteIfExists(file);
    Files.createFile(file, ownerOnly("rw-------"));
    Files.writeString(file, HexFormat.of().formatHex(random));
  }

  private String password() {
    try {
      return Files.readString(directory.resolve("password"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void must(Command command, String otherwise) {
    Command.Outcome outcome = command.run();
    if (!outcome.succeeded()) {
      throw new PostgresUnavailable(otherwise + ": " + outcome.explanation());
    }
  }

  private static FileAttribute<?> ownerOnly(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }
}
