package dev.sluice.localstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /** Ports that are free now, for tests. */
  public static CloudPorts free() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < COUNT; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      int[] p = sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
      return new CloudPorts(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8]);
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
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
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new LocalCloudException(
          "Port %d, which %s should get, is already in use: set SLUICE_PORT to the first of nine free ports."
              .formatted(port, server),
          e);
    }
  }
}
