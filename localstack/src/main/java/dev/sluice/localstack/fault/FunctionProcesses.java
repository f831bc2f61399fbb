package dev.sluice.localstack.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The functions' processes, which are children of this one, as Linux's {@code /proc} shows them.
 */
public final class FunctionProcesses {
  private static final List<Path> SOCKET_TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  private FunctionProcesses() {}

  /** The running processes of a function. */
  public static List<ProcessHandle> of(String function) {
    String variable = "\0AWS_LAMBDA_FUNCTION_NAME=" + function + "\0";
    return children().filter(child -> environment(child.pid()).contains(variable)).toList();
  }

  /** Sends SIGKILL to each process of the function and waits until they have gone. */
  public static void kill(String function) {
    List<ProcessHandle> processes = of(function);
    processes.forEach(ProcessHandle::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }

  /**
   * Which child owns the client's end of a connection on this machine; nothing if it is this
   * process itself or a stranger.
   */
  static OptionalLong owner(int clientPort, int serverPort) {
    String inode = inode(clientPort, serverPort);
    if (inode.isEmpty()) {
      return OptionalLong.empty();
    }
    String link = "socket:[" + inode + "]";
    return children().mapToLong(ProcessHandle::pid).filter(pid -> holds(pid, link)).findFirst();
  }

  private static Stream<ProcessHandle> children() {
    return ProcessHandle.current().descendants();
  }

  private static String environment(long pid) {
    try {
      byte[] all = Files.readAllBytes(Path.of("/proc", String.valueOf(pid), "environ"));
      return "\0" + new String(all, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static String inode(int clientPort, int serverPort) {
    for (Path table : SOCKET_TABLES) {
      try (Stream<String> lines = Files.lines(table)) {
        var found =
            lines
                .map(line -> line.strip().split("\\s+"))
                .filter(row -> row.length > 9)
                .filter(row -> port(row[1]) == clientPort && port(row[2]) == serverPort)
                .findFirst();
        if (found.isPresent()) {
          return found.get()[9];
        }
      } catch (IOException | java.io.UncheckedIOException e) {
        return "";
      }
    }
    return "";
  }

  /** Of {@code ADDRESS:PORT} in hexadecimal; -1 in the table's heading. */
  private static int port(String address) {
    int colon = address.indexOf(':');
    return colon < 0 ? -1 : Integer.parseInt(address.substring(colon + 1), 16);
  }

  private static boolean holds(long pid, String link) {
    try (Stream<Path> files = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
      return files.anyMatch(file -> link.equals(target(file)));
    } catch (IOException e) {
      return false;
    }
  }

  private static String target(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
