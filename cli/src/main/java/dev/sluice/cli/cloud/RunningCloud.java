package dev.sluice.cli.cloud;

import java.net.URI;
import java.util.Map;

/**
 * The cloud of {@code sluice up}: another process, which a command that uses it leaves alone.
 *
 * @param endpoints by name, such as {@code gateway} and {@code sqs}
 */
public record RunningCloud(long pid, URI url, Map<String, String> endpoints, String token)
    implements Cloud {
  @Override
  public void close() {
    // It was there before.
  }
}
