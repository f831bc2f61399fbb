package dev.sluice.cli.cloud;

import dev.sluice.localstack.CloudOptions;
import dev.sluice.localstack.CloudRecord;
import dev.sluice.localstack.LocalCloud;
import dev.sluice.localstack.real.RealServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The cloud that the template of this clone describes. */
public final class LocalClouds implements Clouds {
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(12);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  private final Path root;
  private final Map<String, String> environment;

  public LocalClouds(Path root, Map<String, String> environment) {
    this.root = root;
    this.environment = environment;
  }

  @Override
  public Optional<RunningCloud> recorded() {
    try {
      return CloudRecord.running(root.resolve(".sluice"))
          .map(
              record ->
                  new RunningCloud(record.pid(), record.api(), record.endpoints(), record.token()));
    } catch (IOException unreadable) {
      // Half written by a process that was killed: whoever wrote it is gone.
      return Optional.empty();
    }
  }

  @Override
  public Optional<RunningCloud> running() {
    return recorded().filter(cloud -> answers(cloud.url()));
  }

  @Override
  public Cloud start(Steps steps, RealServices real) throws InterruptedException {
    try {
      LocalCloud cloud =
          LocalCloud.start(
              CloudOptions.of(root, environment)
                  .withReal(real)
                  .withProgress((step, took) -> steps.step(step + " " + seconds(took))));
      return new StartedCloud(cloud, cloud.issueToken(LocalCloud.DEFAULT_USER, TOKEN_LIFETIME));
    } catch (IOException broken) {
      throw new UncheckedIOException("the local cloud did not start", broken);
    }
  }

  private record StartedCloud(LocalCloud cloud, String token) implements Cloud {
    @Override
    public URI url() {
      return cloud.endpoints().api();
    }

    @Override
    public void close() {
      cloud.close();
    }
  }

  private static boolean answers(URI api) {
    HttpRequest question =
        HttpRequest.newBuilder(URI.create(api + "/.well-known/openid-configuration"))
            .timeout(ANSWER_LIMIT)
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(question, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException nobody) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String seconds(Duration took) {
    return String.format(Locale.ROOT, "(%.1f s)", took.toMillis() / 1000.0);
  }
}
