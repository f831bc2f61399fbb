package dev.sluice.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CloudPortsTest {
  @Test
  void takesNinePortsInARowFromTheFirst() {
    assertThat(CloudPorts.from(7080))
        .isEqualTo(new CloudPorts(7080, 7081, 7082, 7083, 7084, 7085, 7086, 7087, 7088));
    assertThat(CloudOptions.of(Path.of("x"), Map.of()).ports().gateway()).isEqualTo(7080);
    assertThat(CloudOptions.of(Path.of("x"), Map.of("SLUICE_PORT", "9000")).ports().postgres())
        .isEqualTo(9007);
  }

  /** Linux gives those from 32,768 to who asks for any, and a cloud's start asks for many. */
  @Test
  void findsFreePortsThatNobodyElseIsGiven() {
    for (int i = 0; i < 20; i++) {
      assertThat(CloudPorts.free().admin()).isLessThan(32_768);
    }
  }

  @Test
  void saysWhichPortIsTakenAndHowToMoveThemAll() throws Exception {
    CloudPorts ports = CloudPorts.free();
    ports.demandFree(true);
    try (ServerSocket taken = new ServerSocket(ports.s3(), 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> ports.demandFree(true))
          .isInstanceOf(LocalCloudException.class)
          .hasMessage(
              "Port %d, which S3 should get, is already in use: set SLUICE_PORT to the first of nine free ports."
                  .formatted(taken.getLocalPort()));
      // LocalStack may have it.
      ports.demandFree(false);
    }
  }

  @Test
  void refusesAPortThatIsNone() {
    assertThatThrownBy(() -> CloudOptions.of(Path.of("x"), Map.of("SLUICE_PORT", "high")))
        .hasMessage("SLUICE_PORT must be a port number, not 'high'.");
    assertThatThrownBy(() -> CloudOptions.of(Path.of("x"), Map.of("SLUICE_PORT", "65530")))
        .hasMessage("SLUICE_PORT must be between 1 and 65526, not 65530.");
  }

  @Test
  void takesLocalStackInThePlaceOfItsOwnServersOnRequest() {
    assertThat(CloudOptions.of(Path.of("x"), Map.of()).services()).isEmpty();
    assertThat(CloudOptions.of(Path.of("x"), Map.of("SLUICE_CLOUD", "localstack")).services())
        .contains(URI.create("http://127.0.0.1:7081"));
    assertThat(
            CloudOptions.of(
                    Path.of("x"),
                    Map.of("SLUICE_CLOUD", "localstack", "AWS_ENDPOINT_URL", "http://127.0.0.1:9"))
                .services())
        .contains(URI.create("http://127.0.0.1:9"));
    assertThatThrownBy(() -> CloudOptions.of(Path.of("x"), Map.of("SLUICE_CLOUD", "moto")))
        .hasMessage("SLUICE_CLOUD may only be 'localstack', not 'moto'.");
  }
}
