package dev.sluice.localstack.cache;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Paths that mean the same everywhere: in a URL, in a makefile, under any locale. PostgreSQL's
 * makefiles take no space, and the framework that reads its own jars' resources decodes and encodes
 * their URLs until a space, a plus or an umlaut names another file.
 */
public final class PlainPath {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/._-]+");

  private PlainPath() {}

  public static boolean isPlain(Path path) {
    return PLAIN.matcher(path.toString()).matches();
  }
}
