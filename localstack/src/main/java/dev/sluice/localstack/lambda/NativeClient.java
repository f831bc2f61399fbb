package dev.sluice.localstack.lambda;

import dev.sluice.localstack.cache.PlainPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The runtime interface client: its jars, and its native library unpacked to a place of our own.
 * Left to itself each process would write {@code /tmp/.libaws-lambda-jni.so}, which another user of
 * the machine may own.
 */
final class NativeClient {
  private static final String PROPERTY =
      "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

  private final List<Path> jars;
  private final Optional<Path> library;

  private NativeClient(List<Path> jars, Optional<Path> library) {
    this.jars = jars;
    this.library = library;
  }

  /**
   * Finds the jars and unpacks the library.
   *
   * @param tasks where functions lie; the jars are copied there if their own path is not plain
   * @throws IOException if the jars are not there: the build puts them there
   */
  static NativeClient of(Path folder, Path tasks) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException("the Lambda runtime is not built: " + folder + " is missing");
    }
    Path runtime = Files.createDirectories(tasks.resolve("runtime"));
    List<Path> jars = new ArrayList<>();
    for (Path jar : jarsIn(folder)) {
      jars.add(PlainPath.isPlain(folder.toRealPath()) ? jar : copied(jar, runtime));
    }
    return new NativeClient(jars, library(jars, runtime));
  }

  private static List<Path> jarsIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static Path copied(Path jar, Path folder) throws IOException {
    try (InputStream in = Files.newInputStream(jar)) {
      return unpack(in, folder.resolve(jar.getFileName().toString()));
    }
  }

  /** Where the jars that run lie. */
  Path folder() {
    return jars.isEmpty() ? Path.of("") : Objects.requireNonNull(jars.getFirst().getParent());
  }

  String classPath() {
    return String.join(
        System.getProperty("path.separator"), jars.stream().map(Path::toString).toList());
  }

  List<String> jvmOptions() {
    return library.map(path -> List.of("-D" + PROPERTY + "=" + path)).orElse(List.of());
  }

  private static Optional<Path> library(List<Path> jars, Path folder) throws IOException {
    String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String libc =
        Files.exists(Path.of("/lib/ld-musl-x86_64.so.1"))
                || Files.exists(Path.of("/lib/ld-musl-aarch64.so.1"))
            ? "linux_musl"
            : "linux";
    String name =
        "libaws-lambda-jni.%s-%s.so"
            .formatted(libc, architecture.equals("aarch64") ? "aarch_64" : "x86_64");
    for (Path jar : jars) {
      try (JarFile file = new JarFile(jar.toFile())) {
        var entry = file.getEntry("jni/" + name);
        if (entry != null) {
          try (InputStream in = file.getInputStream(entry)) {
            return Optional.of(unpack(in, folder.resolve(name)));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** A running process may have the file mapped: a new file takes its place, never new bytes. */
  private static Path unpack(InputStream in, Path target) throws IOException {
    Path fresh = Files.createTempFile(target.getParent(), ".fresh-", "");
    Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
    return Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
  }
}
