package dev.sluice.webhook;

import dev.sluice.callback.CallbackRefused;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Fetches what a callback points to, which cannot be aimed inward: HTTPS only, every address of the
 * host is public, and the connection goes to one of those very addresses, so that a name that
 * answers otherwise the second time gains nothing. Redirects are not followed, and nothing of ours
 * is sent along.
 */
@Singleton
final class GuardedDownload {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration READ = Duration.ofSeconds(5);
  private static final Duration WHOLE = Duration.ofSeconds(15);
  private static final int LONGEST_HEAD = 16 * 1024;
  private static final int HTTPS = 443;

  private final Predicate<InetAddress> allowed;
  private final SSLSocketFactory tls;

  @Inject
  GuardedDownload() {
    this(PublicAddress::is, (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  GuardedDownload(Predicate<InetAddress> allowed, SSLSocketFactory tls) {
    this.allowed = allowed;
    this.tls = tls;
  }

  /**
   * Fetches into a file.
   *
   * @throws CallbackRefused if the address is forbidden, or the size is another
   * @throws IOException if it could not be fetched, and may be tried again
   */
  void fetch(Artifact.Linked artifact, Path to) throws IOException {
    long end = System.nanoTime() + WHOLE.toNanos();
    var url = artifact.url();
    try (var socket = connected(url)) {
      socket.getOutputStream().write(request(url));
      var answer = new BufferedInputStream(socket.getInputStream());
      checkHead(answer, end);
      copy(answer, artifact.bytes(), to, end);
    }
  }

  /** By HTTP/1.0, in which no answer comes in chunks, and the end of the body is its end. */
  private static byte[] request(URI url) {
    var path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    var query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return ("GET %s%s HTTP/1.0\r\nHost: %s\r\nAccept: text/markdown, */*\r\n\r\n")
        .formatted(path, query, url.getRawAuthority())
        .getBytes(StandardCharsets.US_ASCII);
  }

  private SSLSocket connected(URI url) throws IOException {
    var host = host(url);
    var address = checked(host);
    int port = url.getPort() == -1 ? HTTPS : url.getPort();
    var socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(address, port), (int) CONNECT.toMillis());
      socket.setSoTimeout((int) READ.toMillis());
      return secured(socket, host, port);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** The certificate is checked against the name, whatever address it had. */
  private SSLSocket secured(Socket socket, String host, int port) throws IOException {
    var secured = (SSLSocket) tls.createSocket(socket, host, port, true);
    var parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private InetAddress checked(String host) throws IOException {
    var addresses = InetAddress.getAllByName(host);
    for (var address : addresses) {
      if (!allowed.test(address)) {
        throw forbidden();
      }
    }
    return addresses[0];
  }

  private static String host(URI url) {
    if (!"https".equalsIgnoreCase(url.getScheme())
        || url.getHost() == null
        || url.getRawUserInfo() != null) {
      throw forbidden();
    }
    var host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static CallbackRefused forbidden() {
    return new CallbackRefused("artifact_address_forbidden");
  }

  private static void checkHead(InputStream answer, long end) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = answer.read();
      if (next < 0 || head.length() == LONGEST_HEAD) {
        throw new IOException("the artifact's server gave no answer of HTTP");
      }
      checkTime(end);
      head.append((char) next);
    }
    if (!head.toString().matches("(?s)HTTP/1\\.[01] 200[ \r].*")) {
      throw new IOException("the artifact's server answered with no 200");
    }
  }

  private static void checkTime(long end) throws IOException {
    if (System.nanoTime() - end > 0) {
      throw new IOException("the artifact's server is too slow");
    }
  }

  private static void copy(InputStream from, long bytes, Path to, long end) throws IOException {
    var buffer = new byte[64 * 1024];
    long left = bytes;
    try (OutputStream file = Files.newOutputStream(to)) {
      for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
        left -= read;
        if (left < 0) {
          throw new CallbackRefused("artifact_differs");
        }
        checkTime(end);
        file.write(buffer, 0, read);
      }
    }
    if (left > 0) {
      throw new CallbackRefused("artifact_differs");
    }
  }
}
