package dev.sluice.cli.bench;

import java.nio.file.Path;

/** Where a soak run keeps its things. */
record SoakFolder(Path path) {
  /** The state of the cloud that runs now. */
  Path cloud() {
    return path.resolve("cloud");
  }

  /** The documents of the run that goes on. */
  Path documents() {
    return path.resolve("documents");
  }

  /** What the functions of a past level logged. */
  Path logs(String level) {
    return path.resolve("logs").resolve(level);
  }
}
