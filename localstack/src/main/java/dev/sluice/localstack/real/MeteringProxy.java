package dev.sluice.localstack.real;

import com.sun.net.httpserver.HttpHandler;
import dev.sluice.localstack.http.LoopbackServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Stands on 127.0.0.1 in the place of a provider's simulator and passes to the real one what the
 * cap allows. It counts a call before it forwards it, and keeps no key: that comes with each
 * request.
 */
public final class MeteringProxy implements AutoCloseable {
  private final LoopbackServer server;
  private final Upstream upstream;

  private MeteringProxy(LoopbackServer server, Upstream upstream) {
    this.server = server;
    this.upstream = upstream;
  }

  /**
   * Starts one.
   *
   * @param port 0 takes a free one
   * @param baseUrl of the real provider
   * @param scratch folder for what is looked at on its way
   */
  public static MeteringProxy start(
      int port, Provider provider, URI baseUrl, Meter meter, Path scratch) throws IOException {
    Upstream upstream = new Upstream(baseUrl);
    HttpHandler door =
        switch (provider) {
          case OPENAI -> new OpenAiDoor(upstream, meter);
          case LLAMAPARSE -> new LlamaParseDoor(upstream, meter, scratch);
        };
    String name = "real-" + provider.name().toLowerCase(Locale.ROOT);
    return new MeteringProxy(LoopbackServer.start(port, name, door), upstream);
  }

  public URI baseUrl() {
    return server.uri();
  }

  @Override
  public void close() {
    server.close();
    upstream.close();
  }
}
