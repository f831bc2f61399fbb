package dev.sluice.localstack.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.localstack.cache.CacheDirectory;
import dev.sluice.localstack.cache.PlainPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Where functions lie unpacked: in the state folder, unless its path has characters that a function
 * on AWS never meets, whose code lies in {@code /var/task}. A clone in {@code ~/My Projects} has
 * them in a folder of its own below the machine's cache. A link would not do: the JVM follows it.
 */
final class TaskFolder {
  /** Names the state folder to which a folder of the cache belongs. */
  private static final String OWNER = "state-folder";

  private TaskFolder() {}

  static Path of(Path state) throws IOException {
    return of(state, System.getenv(), Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * Folders of states that are gone are removed on the way.
   *
   * @param temporary for users without a home that can be used
   */
  static Path of(Path state, Map<String, String> environment, Path temporary) throws IOException {
    Path real = Files.createDirectories(state).toRealPath();
    if (PlainPath.isPlain(real)) {
      return state;
    }
    Path tasks = CacheDirectory.find(environment, temporary).resolve("tasks");
    createPrivate(tasks);
    removeOrphans(tasks);
    Path own = tasks.resolve(UUID.nameUUIDFromBytes(real.toString().getBytes(UTF_8)).toString());
    createPrivate(own);
    Files.writeString(own.resolve(OWNER), real.toString());
    return own;
  }

  private static void createPrivate(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static void removeOrphans(Path tasks) throws IOException {
    List<Path> folders;
    try (Stream<Path> entries = Files.list(tasks)) {
      folders = entries.toList();
    }
    for (Path folder : folders) {
      if (isOrphan(folder)) {
        FunctionCode.remove(folder);
      }
    }
  }

  /** One without an owner's name is just being made. */
  private static boolean isOrphan(Path folder) throws IOException {
    Path owner = folder.resolve(OWNER);
    return Files.isRegularFile(owner) && !Files.isDirectory(Path.of(Files.readString(owner)));
  }
}
