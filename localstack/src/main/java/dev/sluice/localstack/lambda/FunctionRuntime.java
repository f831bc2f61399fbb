package dev.sluice.localstack.lambda;

import dev.sluice.localstack.template.FunctionDefinition;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** What a function's processes have in common: code, command line and environment. */
final class FunctionRuntime {
  /**
   * Part of MemorySize that the heap may take. The managed runtime gives 85 % to the heap, 10 % to
   * class metadata and 5 % to compiled code: its command line, as functions have printed it, has
   * MaxHeapSize 222,823 KiB at 256 MB and 334,233 KiB at 384 MB.
   */
  private static final double HEAP_SHARE = 0.85;

  /** All that functions see of the environment in which the local cloud was started. */
  private static final List<String> INHERITED = List.of("PATH", "LANG", "TMPDIR");

  private final FunctionDefinition definition;
  private final LambdaSettings settings;
  private final NativeClient client;
  private final Path code;
  private final FunctionLog log;
  private final ClassArchive archive;

  FunctionRuntime(
      FunctionDefinition definition,
      LambdaSettings settings,
      NativeClient client,
      Path code,
      FunctionLog log) {
    this.definition = definition;
    this.settings = settings;
    this.client = client;
    this.code = code;
    this.log = log;
    this.archive = new ClassArchive(code);
  }

  String name() {
    return definition.name();
  }

  String arn() {
    return settings.functionArn(definition.name());
  }

  Duration timeout() {
    return definition.timeout();
  }

  int memoryMegabytes() {
    return definition.memoryMegabytes();
  }

  /** What a process is given for the address of its Runtime API. */
  String route(String address) {
    return settings.runtimeRoute().address(name(), address);
  }

  LambdaSettings settings() {
    return settings;
  }

  FunctionLog log() {
    return log;
  }

  ProcessBuilder process(String runtimeApi) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command());
    builder.directory(code.toFile());
    builder.redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment(runtimeApi));
    return builder;
  }

  private List<String> command() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(settings.jvmOptions());
    command.add("-Xmx" + (long) (definition.memoryMegabytes() * 1024 * HEAP_SHARE) + "k");
    // The JVM takes the home from the system's user list: the developer's own settings stay out.
    command.add("-Duser.home=" + settings.state().resolve("no-home"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(client.jvmOptions());
    // An agent changes classes as they are loaded: then none can come from an archive.
    if (settings.jvmOptions().isEmpty()) {
      command.addAll(archive.jvmOptions());
    }
    command.add("-classpath");
    command.add(classPath());
    command.add(ProcessRecords.MARK);
    command.add(definition.handler());
    return command;
  }

  /**
   * The runtime client and then the function's own jars. On AWS the client loads those itself from
   * the same folder; the JVM archives only classes that its own loader has loaded.
   */
  private String classPath() throws IOException {
    List<String> all = new ArrayList<>(List.of(client.classPath()));
    Path jars = code.resolve("lib");
    if (Files.isDirectory(jars)) {
      try (Stream<Path> files = Files.list(jars)) {
        files.map(Path::toString).filter(jar -> jar.endsWith(".jar")).sorted().forEach(all::add);
      }
    }
    return String.join(File.pathSeparator, all);
  }

  /**
   * As listed under "Defined runtime environment variables" in Lambda's guide, then the template's.
   */
  private Map<String, String> environment(String runtimeApi) {
    Map<String, String> all = new HashMap<>();
    for (String name : INHERITED) {
      String value = System.getenv(name);
      if (value != null) {
        all.put(name, value);
      }
    }
    all.put("TZ", ":UTC");
    all.put("AWS_REGION", settings.region());
    all.put("AWS_DEFAULT_REGION", settings.region());
    all.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
    all.put("AWS_CONFIG_FILE", "/dev/null");
    all.put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    all.putAll(lambdaVariables(runtimeApi));
    all.putAll(settings.environment());
    all.putAll(definition.environment());
    all.putAll(settings.functionEnvironment().getOrDefault(name(), Map.of()));
    return all;
  }

  private Map<String, String> lambdaVariables(String runtimeApi) {
    LocalDate day = settings.clock().instant().atZone(ZoneOffset.UTC).toLocalDate();
    String stream =
        "%tY/%<tm/%<td/[$LATEST]%s".formatted(day, UUID.randomUUID().toString().replace("-", ""));
    return Map.ofEntries(
        Map.entry("_HANDLER", definition.handler()),
        Map.entry("LAMBDA_TASK_ROOT", code.toString()),
        Map.entry("LAMBDA_RUNTIME_DIR", client.folder().toString()),
        Map.entry("AWS_LAMBDA_RUNTIME_API", runtimeApi),
        Map.entry("AWS_LAMBDA_FUNCTION_NAME", name()),
        Map.entry("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        Map.entry("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(memoryMegabytes())),
        Map.entry("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + name()),
        Map.entry("AWS_LAMBDA_LOG_STREAM_NAME", stream),
        Map.entry("AWS_LAMBDA_LOG_FORMAT", definition.jsonLogs() ? "JSON" : "Text"),
        Map.entry("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"));
  }

  /** The most memory that the process has used, in MB; 0 where the system does not tell. */
  static long peakMegabytes(long pid) {
    Path status = Path.of("/proc", String.valueOf(pid), "status");
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0;
    }
  }
}
