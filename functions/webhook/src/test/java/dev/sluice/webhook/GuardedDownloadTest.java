package dev.sluice.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sluice.callback.CallbackRefused;
import dev.sluice.document.Hashes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real server with a certificate for localhost, which here counts as public. */
class GuardedDownloadTest {
  private static final String TEXT = "# Text\n";
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final List<String> asked = new CopyOnWriteArrayList<>();

  private static @TempDir Path folder;
  private static HttpsServer server;
  private static SSLContext tls;

  @BeforeAll
  static void start() throws Exception {
    tls = tls(keys());
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          int status = exchange.getRequestURI().getPath().equals("/a.md") ? 200 : 302;
          exchange.getResponseHeaders().set("Location", "https://localhost/a.md");
          exchange.sendResponseHeaders(status, TEXT.length());
          exchange.getResponseBody().write(TEXT.getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  @Test
  void fetchesWhatWasAnnounced() throws IOException {
    assertThat(fetch("localhost", "/a.md?key=1", TEXT.length())).isEqualTo(TEXT);
    assertThat(asked).contains("/a.md?key=1");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 6, 8, 100_000_000})
  void refusesAnotherSize(long bytes) {
    assertThatExceptionOfType(CallbackRefused.class)
        .isThrownBy(() -> fetch("localhost", "/a.md", bytes))
        .withMessage("artifact_differs");
  }

  @Test
  void doesNotFollowARedirect() {
    assertThatIOException()
        .isThrownBy(() -> fetch("localhost", "/moved", TEXT.length()))
        .withMessageContaining("no 200");
  }

  @Test
  void doesNotTrustACertificateOfAnotherName() {
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> fetch("127.0.0.1", "/a.md", TEXT.length()));
  }

  @Test
  void doesNotTrustACertificateOfNobody() {
    var strict =
        new GuardedDownload(
            InetAddress::isLoopbackAddress, (SSLSocketFactory) SSLSocketFactory.getDefault());
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(
            () -> strict.fetch(artifact("localhost", "/a.md", 7), folder.resolve("nothing")));
  }

  @Test
  void doesNotConnectToTheMachineItself() {
    var before = List.copyOf(asked);
    assertThatExceptionOfType(CallbackRefused.class)
        .isThrownBy(
            () ->
                new GuardedDownload()
                    .fetch(artifact("localhost", "/a.md", 7), folder.resolve("nothing")))
        .withMessage("artifact_address_forbidden");
    assertThat(asked).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.2.1",
        "192.168.0.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "64:ff9b::a00:1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void anAddressThatIsNotOfTheInternetIsNotPublic(String address) {
    assertThat(PublicAddress.is(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.32.0.0",
        "192.169.0.1",
        "223.255.255.255",
        "2600:1f18::1",
        "2a00:1450::1",
        "::ffff:8.8.8.8"
      })
  void anAddressOfTheInternetIsPublic(String address) {
    assertThat(PublicAddress.is(InetAddress.ofLiteral(address))).isTrue();
  }

  private static String fetch(String host, String path, long bytes) throws IOException {
    var file = folder.resolve("fetched");
    new GuardedDownload(InetAddress::isLoopbackAddress, tls.getSocketFactory())
        .fetch(artifact(host, path, bytes), file);
    return Files.readString(file);
  }

  private static Artifact.Linked artifact(String host, String path, long bytes) {
    var url = "https://" + host + ":" + server.getAddress().getPort() + path;
    return new Artifact.Linked(URI.create(url), Hashes.ofText(TEXT), bytes);
  }

  /** The JDK's own tool makes a certificate for localhost that nobody vouches for. */
  private static KeyStore keys() throws Exception {
    var file = folder.resolve("keys.p12");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-alias",
                "server",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return KeyStore.getInstance(file.toFile(), PASSWORD);
  }

  private static SSLContext tls(KeyStore keys) throws Exception {
    var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD);
    var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys.getCertificate("server"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
