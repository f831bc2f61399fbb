package dev.sluice.localstack.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Where a machine keeps what several clones share: {@code ${XDG_CACHE_HOME:-~/.cache}/sluice}. */
public final class CacheDirectory {
  private CacheDirectory() {}

  /**
   * The first of these that can be written and whose path is plain: below XDG_CACHE_HOME, below the
   * home directory's .cache, and, for users without such a home of their own, a private directory
   * below {@code temporary}.
   *
   * @throws CacheUnavailable if somebody else owns even that one, or it cannot be made
   */
  public static Path find(Map<String, String> environment, Path temporary) {
    String cacheHome = environment.getOrDefault("XDG_CACHE_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    if (cacheHome.startsWith("/") && usable(Path.of(cacheHome, "sluice"))) {
      return Path.of(cacheHome, "sluice");
    }
    if (home.startsWith("/") && usable(Path.of(home, ".cache", "sluice"))) {
      return Path.of(home, ".cache", "sluice");
    }
    return privateBelow(temporary);
  }

  private static boolean usable(Path directory) {
    if (!PlainPath.isPlain(directory)) {
      return false;
    }
    try {
      Files.createDirectories(directory);
      return Files.isWritable(directory) && PlainPath.isPlain(directory.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * What another user put into the temporary directory, where all may write, is not ours to run.
   */
  private static Path privateBelow(Path temporary) {
    try {
      Path probe = Files.createTempFile(temporary, "sluice", "");
      Object ours = Files.getAttribute(probe, "unix:uid");
      Files.delete(probe);
      Path directory = temporary.resolve("sluice-" + ours);
      if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      boolean mine =
          ours.equals(Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS));
      if (mine && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        return directory;
      }
      throw new CacheUnavailable(
          directory + " belongs to somebody else: set XDG_CACHE_HOME to a directory of your own.");
    } catch (IOException e) {
      throw new CacheUnavailable(
          "No directory to keep what is built once: set XDG_CACHE_HOME to one that can be written.",
          e);
    }
  }
}
