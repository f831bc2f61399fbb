package dev.sluice.localstack.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.localstack.template.CloudTemplate;
import dev.sluice.localstack.template.LocalNames;
import dev.sluice.localstack.template.TemplateReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/** Compiles and zips the handler in {@code src/test/tiny} and reads templates that name it. */
public final class TinyFunction {
  public static final Path RUNTIME = Path.of("target", "lambda-runtime").toAbsolutePath();

  private TinyFunction() {}

  /** Writes {@code tiny.zip} into the folder and the template beside it. */
  static CloudTemplate template(Path folder, String yaml, URI sqs) throws IOException {
    zip(folder);
    Path file = Files.writeString(folder.resolve("template.yaml"), yaml);
    return TemplateReader.read(
        file, LocalNames.of(sqs, URI.create("http://127.0.0.1:1"), Map.of()));
  }

  /** Writes {@code tiny.zip} into the folder. */
  public static void zip(Path folder) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    String classPath;
    try (Stream<Path> jars = Files.list(RUNTIME)) {
      classPath = String.join(":", jars.map(Path::toString).toList());
    }
    String source = Path.of("src", "test", "tiny", "tiny", "TinyHandler.java").toString();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), "-classpath", classPath, source);
    if (status != 0) {
      throw new IOException("the tiny handler does not compile");
    }
    try (OutputStream out = Files.newOutputStream(folder.resolve("tiny.zip"));
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, zip);
      }
    }
  }

  public static byte[] command(String text) {
    return "{\"do\":\"%s\"}".formatted(text).getBytes(UTF_8);
  }

  public static String text(InvocationResult result) {
    return new String(result.payload(), UTF_8);
  }

  /** Waits for something that no one announces, at most half a minute. */
  public static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + 30_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("in vain: " + what);
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  /** The lines of a file that is being written. */
  public static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> log(Path state, String function) throws IOException {
    return Files.readAllLines(state.resolve("logs").resolve(function + ".log"));
  }
}
