package dev.sluice.localstack.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
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
   * Finds the jars and unpacks the library into the state folder.
   *
   * @throws IOException if the jars are not there: the build puts them there
   */
  static NativeClient of(Path folder, Path state) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException("the Lambda runtime is not built: " + folder + " is missing");
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      return new NativeClient(
          jars, library(jars, Files.createDirectories(state.resolve("runtime"))));
    }
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

  /** A running process may have the library mapped: a new file takes its place, never new bytes. */
  private static Path unpack(InputStream in, Path target) throws IOException {
    Path fresh = Files.createTempFile(target.getParent(), ".library", ".so");
    Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
    return Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
  }
}
