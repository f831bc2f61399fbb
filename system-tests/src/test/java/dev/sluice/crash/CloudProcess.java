package dev.sluice.crash;

import dev.sluice.localstack.CloudOptions;
import dev.sluice.localstack.CloudPorts;
import dev.sluice.localstack.LocalCloud;
import dev.sluice.pipeline.Clouds;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The whole local cloud in a process of its own, as {@code ./sluice up} runs it. */
final class CloudProcess {
  private CloudProcess() {}

  /** Starts it; {@code cloud.json} in the state folder says when it is there. */
  static Process start(Path state, int firstPort) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CloudProcess.class.getName(),
                state.toString(),
                String.valueOf(firstPort)))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(state + ".log")))
        .start();
  }

  public static void main(String[] arguments) throws Exception {
    var ports = CloudPorts.from(Integer.parseInt(arguments[1]));
    var standard = CloudOptions.of(Clouds.ROOT, Map.of());
    var options =
        new CloudOptions(
            standard.template(),
            Path.of(arguments[0]),
            ports,
            System.getenv(),
            Map.of("chunk", Map.of("CHUNK_TARGET_TOKENS", "16", "CHUNK_OVERLAP_TOKENS", "0")),
            List.of(),
            standard.runtimeJars(),
            line -> {},
            true,
            true,
            true,
            standard.services(),
            standard.progress(),
            standard.clock(),
            standard.seams(),
            standard.simulators(),
            standard.real());
    var cloud = LocalCloud.start(options);
    System.out.println("running at " + cloud.endpoints().api());
    new CountDownLatch(1).await();
  }
}
