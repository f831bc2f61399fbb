package dev.sluice.localstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * The ports on 127.0.0.1 that a local cloud listens on.
 *
 * @param admin where the simulated providers are told how to behave
 */
public record CloudPorts(
    int gateway,
    int sqs,
    int s3,
    int secrets,
    int llamaParse,
    int openAi,
    int lambda,
    int postgres,
    int admin) {

  /** The first port when SLUICE_PORT names no other. */
  public static final int DEFAULT_FIRST = 7080;

  private static final int COUNT = 9;

  /** Below it are servers that people know by their port. */
  private static final int LOWEST_FREE = 15_000;

  /** Linux gives those from here to who asks for any, other systems begin higher. */
  private static final int LOWEST_EPHEMERAL = 32_768;

  private static final int ATTEMPTS = 100;

  /** Nine ports in a row, the gateway's first. */
  public static CloudPorts from(int first) {
    if (first < 1 || first > 65_535 - COUNT) {
      throw new LocalCloudException(
          "SLUICE_PORT must be between 1 and %d, not %d.".formatted(65_535 - COUNT, first));
    }
    return new CloudPorts(
        first, first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7,
        first + 8);
  }

  /**
   * Ports in a row that are free now. No system gives them to who asks for any free one, so that
   * they stay free until they are used.
   */
  public static CloudPorts free() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      CloudPorts ports =
          from(ThreadLocalRandom.current().nextInt(LOWEST_FREE, LOWEST_EPHEMERAL - COUNT));
      if (ports.all().allMatch(CloudPorts::isFree)) {
        return ports;
      }
    }
    throw new LocalCloudException(
        "No nine ports in a row are free between %d and %d: end what listens there."
            .formatted(LOWEST_FREE, LOWEST_EPHEMERAL));
  }

  private IntStream all() {
    return IntStream.range(gateway, gateway + COUNT);
  }

  /**
   * Refuses a start that would fail half way.
   *
   * @param withServices whether SQS, S3 and Secrets Manager are to listen there too
   * @throws LocalCloudException if a port is taken; PostgreSQL may still run there from a killed
   *     run
   */
  void demandFree(boolean withServices) {
    Map<String, Integer> needed = new LinkedHashMap<>();
    needed.put("the API", gateway);
    if (withServices) {
      needed.put("SQS", sqs);
      needed.put("S3", s3);
      needed.put("Secrets Manager", secrets);
    }
    needed.put("the LlamaParse simulator", llamaParse);
    needed.put("the OpenAI simulator", openAi);
    needed.put("Lambda", lambda);
    needed.put("the simulators' admin", admin);
    needed.forEach(CloudPorts::demandFree);
  }

  private static void demandFree(String server, int port) {
    if (!isFree(port)) {
      throw new LocalCloudException(
          "Port %d, which %s should get, is already in use: set SLUICE_PORT to the first of nine free ports."
              .formatted(port, server));
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
