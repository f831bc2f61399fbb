package dev.sluice.localstack.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.localstack.http.LoopbackServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GateTest {
  private final Faults faults = new Faults();
  private LoopbackServer server;
  private Gate gate;

  @BeforeEach
  void open() throws IOException {
    server =
        LoopbackServer.start(
            0,
            "upstream",
            exchange -> LoopbackServer.respond(exchange, 200, "yes".getBytes(UTF_8)));
    gate =
        new Gate(
            "tiny",
            new InetSocketAddress("127.0.0.1", server.port()),
            steps -> new HttpConversation(steps, head -> StepNames.http("upstream", head)),
            faults);
  }

  @AfterEach
  void close() {
    gate.close();
    server.close();
  }

  @Test
  void whoIsNoFunctionPassesUnseen() throws IOException {
    faults.begin(boundary -> Fault.BREAK);
    assertThat(ask()).isEqualTo("yes");
    assertThat(faults.trace()).isEmpty();
  }

  @Test
  void aServerThatIsDownRefusesAndComesBackAtTheSamePort() throws IOException {
    int port = gate.port();
    gate.refuse();
    assertThatThrownBy(this::ask).isInstanceOf(ConnectException.class);
    gate.open();
    gate.open();
    assertThat(gate.port()).isEqualTo(port);
    assertThat(ask()).isEqualTo("yes");
  }

  @Test
  void connectionsCanBeResetWhileTheServerStaysUp() throws IOException {
    try (var socket = new Socket("127.0.0.1", gate.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      gate.breakAll();
      assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
          .hasMessageContaining("reset");
    }
    assertThat(ask()).isEqualTo("yes");
  }

  @Test
  void aServerThatDoesNotListenResetsWhoComes() {
    server.close();
    assertThatThrownBy(this::ask).isInstanceOf(IOException.class);
  }

  private String ask() throws IOException {
    var connection = URI.create("http://127.0.0.1:" + gate.port() + "/x").toURL().openConnection();
    try (var in = connection.getInputStream()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
