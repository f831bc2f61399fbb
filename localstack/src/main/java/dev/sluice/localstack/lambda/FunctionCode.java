package dev.sluice.localstack.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/** Function zips, unzipped once for each content into {@code functions/NAME-HASH}. */
final class FunctionCode {
  private final Path folder;

  FunctionCode(Path tasks) {
    this.folder = tasks.resolve("functions");
  }

  /**
   * The folder with the zip's content. Older contents of the same function are removed.
   *
   * @throws IOException if the zip is missing or unreadable
   */
  Path unzipped(String name, Path zip) throws IOException {
    if (!Files.isRegularFile(zip)) {
      throw new IOException(
          "the zip of function %s is not built: %s is missing".formatted(name, zip));
    }
    Path target = folder.resolve(name + "-" + hash(zip));
    if (!Files.isDirectory(target)) {
      Files.createDirectories(folder);
      Path fresh = Files.createTempDirectory(folder, ".unzip-");
      unzip(zip, fresh);
      publish(fresh, target);
      removeOlder(name, target);
    }
    return target;
  }

  /**
   * Over names, sizes and checksums of the zip's entries, which are in its directory: reading all
   * of eight functions' bytes would take a second of each start.
   */
  private static String hash(Path zip) throws IOException {
    MessageDigest digest = sha256();
    try (ZipFile file = new ZipFile(zip.toFile())) {
      file.stream()
          .map(entry -> entry.getName() + ' ' + entry.getSize() + ' ' + entry.getCrc() + '\n')
          .forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 12);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void unzip(Path zip, Path target) throws IOException {
    try (InputStream file = Files.newInputStream(zip);
        ZipInputStream in = new ZipInputStream(file)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        write(in, entry, inside(target, entry.getName()));
      }
    }
  }

  private static void write(ZipInputStream in, ZipEntry entry, Path path) throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Path parent = path.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.copy(in, path, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path inside(Path target, String name) throws IOException {
    Path path = target.resolve(name).normalize();
    if (!path.startsWith(target)) {
      throw new IOException("the zip's entry " + name + " leads out of its folder");
    }
    return path;
  }

  /** Makes the content visible in one step; another process may have been first with the same. */
  private static void publish(Path fresh, Path target) throws IOException {
    try {
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      remove(fresh);
    }
  }

  private void removeOlder(String name, Path current) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> older =
          entries
              .filter(
                  path ->
                      !path.getFileName().toString().startsWith(current.getFileName().toString()))
              .filter(
                  path ->
                      path.getFileName()
                          .toString()
                          .matches("\\Q" + name + "\\E-[0-9a-f]{12}(\\.jsa)?"))
              .toList();
      for (Path path : older) {
        remove(path);
      }
    }
  }

  static void remove(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
