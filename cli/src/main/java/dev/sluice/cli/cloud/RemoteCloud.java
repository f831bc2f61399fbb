package dev.sluice.cli.cloud;

import java.net.URI;

/** A deployment, or anything else that is reached by an address and a token alone. */
public record RemoteCloud(URI url, String token) implements Cloud {
  @Override
  public void close() {
    // Nothing was started.
  }
}
