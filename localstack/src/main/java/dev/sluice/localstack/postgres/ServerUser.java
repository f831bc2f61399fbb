package dev.sluice.localstack.postgres;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL refuses to run as root, and as a user without a name (a bare number, as containers
 * like to give). The server then runs in a user namespace where everybody is nobody; where those
 * are forbidden (most containers), root's server runs as nobody with the one capability that lets
 * it reach the data directory below root's home.
 */
enum ServerUser {
  OURSELVES(),
  NAMESPACE("unshare", "-U"),
  NOBODY(
      "setpriv",
      // Without this, access(2) ignores the capability, and PostgreSQL does not find its own
      // programs.
      "--securebits=+no_setuid_fixup",
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
    if (!root && Command.works("id", "-un")) {
      return OURSELVES;
    }
    for (ServerUser user : root ? List.of(NAMESPACE, NOBODY) : List.of(NAMESPACE)) {
      if (Command.works(withTrue(user.prefix()))) {
        return user;
      }
    }
    throw new PostgresUnavailable(
        "PostgreSQL refuses to run as "
            + (root ? "root, and neither unshare nor setpriv works" : "a user without a name")
            + " here: run as another user, or set DATABASE_URL.");
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
