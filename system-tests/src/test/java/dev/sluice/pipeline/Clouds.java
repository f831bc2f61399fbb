package dev.sluice.pipeline;

import dev.sluice.localstack.CloudOptions;
import dev.sluice.localstack.CloudPorts;
import dev.sluice.localstack.LocalCloud;
import dev.sluice.localstack.real.RealServices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The real template's cloud on free ports, its functions measured by the coverage agent. */
public final class Clouds {
  public static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path AGENT =
      Path.of("target/coverage-agent/org.jacoco.agent-runtime.jar").toAbsolutePath();

  private Clouds() {}

  static LocalCloud start(Path state) throws Exception {
    return start(state, System.getenv());
  }

  /** The same with what this environment names in the place of our own servers. */
  static LocalCloud start(Path state, Map<String, String> environment) throws Exception {
    return LocalCloud.start(
        CloudOptions.of(ROOT, environment)
            .forTest(state, CloudPorts.free())
            .withFunctions(Map.of(), coverage()));
  }

  /** With more in the environment of some functions. */
  static LocalCloud startWith(Path state, Map<String, Map<String, String>> functions)
      throws Exception {
    return LocalCloud.start(
        CloudOptions.of(ROOT, System.getenv())
            .forTest(state, CloudPorts.free())
            .withFunctions(functions, coverage()));
  }

  /** With real providers, or what plays them. */
  static LocalCloud startReal(Path state, RealServices real) throws Exception {
    return LocalCloud.start(
        CloudOptions.of(ROOT, System.getenv())
            .forTest(state, CloudPorts.free())
            .withReal(real)
            .withFunctions(Map.of(), coverage()));
  }

  /** The functions are processes of their own, which Maven's agent does not reach. */
  private static List<String> coverage() {
    return Files.exists(AGENT)
        ? List.of(
            "-javaagent:"
                + AGENT
                + "=includes=dev.sluice.*,append=true,destfile="
                + Path.of("target/jacoco-functions.exec").toAbsolutePath())
        : List.of();
  }
}
