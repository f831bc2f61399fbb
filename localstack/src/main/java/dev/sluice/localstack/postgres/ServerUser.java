package dev.sluice.localstack.postgres;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL refuses to run as root. Root's server therefore runs in a user namespace where nobody
 * is root, or, where those are forbidden (most containers), as nobody with the one capability that
 * lets it reach the data directory below root's home.
 */
enum ServerUser {
  OURSELVES(),
  NAMESPACE("unshare", "-U"),
  NOBODY(
      "setpriv",
      "--reuid=65534",
      "--regid=65534",
      "--clear-groups",
      "--inh-caps=-all,+dac_override",
      "--ambient-caps=-all,+dac_override");

  private final List<String> prefix;

  ServerUser(String... prefix) {
    this.prefix = List.of(prefix);
  }

  List<String> prefix() {
    return prefix;
  }

  static ServerUser find() {
    boolean root = new Command(List.of("id", "-u"), Map.of()).run().output().strip().equals("0");
    if (!root) {
      return OURSELVES;
    }
    for (ServerUser user : List.of(NAMESPACE, NOBODY)) {
      List<String> probe = user.prefix();
      if (Command.works(withTrue(probe))) {
        return user;
      }
    }
    throw new PostgresUnavailable(
        "PostgreSQL refuses to run as root, and neither unshare nor setpriv works here: run as another user,"
            + " or set DATABASE_URL.");
  }

  private static String[] withTrue(List<String> probe) {
    String[] line = probe.toArray(new String[probe.size() + 1]);
    line[probe.size()] = "true";
    return line;
  }

  /** Gives the server what it must own. */
  void own(Path directory) {
    if (this == NOBODY) {
      new Command(List.of("chown", "-R", "65534:65534", directory.toString()), Map.of()).run();
    }
  }
}
